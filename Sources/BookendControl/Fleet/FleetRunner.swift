import BookendConfig
import BookendCore
import BookendLoop
import BookendProxy

/// Runs the `FleetMachine` on the control loop: brings it what happens, and does what it says.
final class FleetRunner: EventSource {
    private let current: CurrentPlan
    private var plan: Plan { current.plan }
    private let signs: SharedSigns
    private let loop: Loop
    private let waiting: WaitingCounts
    private let known: KnownServers
    private let kept: KeptLeases
    private let events: FleetEvents
    let hooks: HookDesk
    /// Is told that a lease has entered another state.
    var leaseChanged: (ServerID, Lease) -> Void = { _, _ in }
    private let loads: LoadReports
    /// Read by whoever shows what is known and decided; told things only here, as its actions have to be done.
    private(set) var machine: FleetMachine
    /// What is to be done as soon as there are workers.
    private var first: [FleetAction]
    private var workers: [WorkerThread] = []
    /// Nil for servers without an agent that is asked.
    private var agents: [AgentWatch?] = []
    /// As said last.
    private(set) var caps: [ServerCap]
    /// At the last trial.
    private var answers: [UInt64] = []
    /// Requests refused since the last look, by pool.
    private var refusals: [Int]

    init(
        _ current: CurrentPlan, _ signs: SharedSigns, _ waiting: WaitingCounts, _ known: KnownServers,
        _ kept: KeptLeases, _ events: FleetEvents, _ hooks: HookDesk, on loop: Loop
    ) {
        self.current = current
        let plan = current.plan
        self.signs = signs
        self.waiting = waiting
        self.loop = loop
        self.known = known
        self.kept = kept
        self.events = events
        self.hooks = hooks
        loads = LoadReports(signs, servers: plan.room.servers, workers: waiting.workers, at: loop.now)
        var random = SystemRandomNumberGenerator()
        var machine = FleetMachine(FleetRules(plan), known: known.known, seed: random.next(), at: loop.now)
        first = machine.resume(kept.kept, at: loop.now)
        self.machine = machine
        refusals = plan.pools.map { _ in 0 }
        caps = plan.servers.indices.map { machine.cap(of: ServerID(index: $0)) }
        for index in caps.indices { plan.inFlight.setLimit(caps[index].places, of: index) }
        super.init()
    }

    /// Begins to watch.
    func start(_ workers: [WorkerThread]) {
        self.workers = workers
        loop.add(self)
        hooks.ended = { [unowned self] in handle(.hookEnded($0, hook: $1, $2)) }
        for action in first { perform(action) }
        first = []
        look()
        agents = plan.servers.indices.map { watchAgent(of: $0) }
    }

    private func watchAgent(of server: Int) -> AgentWatch? {
        guard !plan.servers[server].hasLeft else { return nil }
        return plan.servers[server].agent.map { agent in
            AgentWatch(agent, on: loop, seed: UInt64(server)) { [unowned self] in
                handle(.advised(ServerID(index: server), $0))
            }
        }
    }

    override func deadlinePassed() {
        look()
    }

    func lost(_ server: ServerID, _ loss: Loss) {
        guard !plan.servers[server.index].hasLeft else { return }
        handle(.lost(server, loss))
    }

    func reported(_ server: ServerID, _ reading: MemoryReading) {
        guard server.index < plan.servers.count, !plan.servers[server.index].hasLeft else { return }
        handle(.reported(server, reading))
    }

    func take(_ terms: LeaseTerms, of server: ServerID) -> Result<Lease, LeaseRefusal> {
        let outcome = perform(machine.take(terms, of: server, at: loop.now))
        if case .failure(.guarded(let figures)) = outcome { events.refused(terms, of: server, figures) }
        return outcome
    }

    func extend(
        _ server: ServerID, by span: TimeSpan, owner: String, why: String
    ) -> Result<Lease, LeaseRefusal> {
        perform(machine.extend(server, by: span, owner: owner, why: why, at: loop.now))
    }

    func restore(_ server: ServerID, by owner: String) -> Result<Lease, LeaseRefusal> {
        perform(machine.restore(server, by: owner, at: loop.now))
    }

    func recycle(_ servers: [ServerID], by owner: String, why: String) -> Result<[Recycle], RecycleRefusal> {
        perform(machine.recycle(servers, by: owner, why: why, at: loop.now))
    }

    func callOff(_ server: ServerID, by owner: String) -> Result<Recycle, RecycleRefusal> {
        perform(machine.callOff(server, by: owner, at: loop.now))
    }

    /// What was kept is known, perhaps only now.
    func loaded() {
        for stray in kept.takeStrays() { events.dropped(stray) }
        for action in machine.resumeLate(kept.takeLate(), at: loop.now) { perform(action) }
    }

    /// Calls when the server's lease is on disk, or is not there in time.
    func whenKept(_ server: ServerID, _ done: @escaping () -> Void) { kept.whenWritten(server, done) }

    /// What is to be known of its lease after a restart is on disk.
    func isKept(_ server: ServerID) -> Bool { kept.isWritten(server) }

    func load(of server: Int) -> LoadReport? { loads.newest(of: server, at: loop.now) }
    func agent(of server: Int) -> AgentWatch? { agents.isEmpty ? nil : agents[server] }

    var desk: LeaseDesk { LeaseDesk(plan, self, on: loop) }
    var recycleDesk: RecycleDesk { RecycleDesk(plan, self, on: loop) }

    /// So many requests more were refused for want of a place.
    func refused(_ count: UInt64, in pool: Int) {
        refusals[pool] += Int(clamping: count)
    }

    private func look() {
        // Only those who take a server out need to know how the others fare without it.
        if machine.hasLeases {
            for pool in plan.pools.indices {
                handle(
                    .pressed(PoolID(index: pool), waiting: waiting.total(of: pool), refused: refusals[pool]))
            }
        }
        events.look(refused: refusals, at: loop.now)
        for pool in refusals.indices { refusals[pool] = 0 }
        handle(.look(seen))
        for (server, reading) in loads.take(at: loop.now) { reported(server, reading) }
        known.look(machine, at: loop.now)
    }

    /// What was counted of each number.
    private var seen: [Signs] {
        plan.servers.indices.map { index in
            var signs = signs.total(of: index, at: loop.now)
            signs.inFlight = plan.inFlight.value(index)
            return signs
        }
    }

    /// The plan is another one from now on.
    ///
    /// - Parameter hand: gives it to the workers, with the standings to pick by.
    func change(after last: Plan, _ hand: ([Standing]) -> Void) {
        let fresh = plan.joining
        let actions = machine.change(to: FleetRules(plan), joining: fresh, signs: seen, at: loop.now)
        caps += Array(repeating: .unlimited, count: plan.servers.count - last.servers.count)
        refusals += Array(repeating: 0, count: plan.pools.count - last.pools.count)
        loads.forget(fresh)
        known.follow(plan)
        kept.follow(plan, after: last)
        hooks.follow(plan, after: last)
        for server in fresh {
            caps[server.index] = machine.cap(of: server)
            plan.inFlight.setLimit(caps[server.index].places, of: server.index)
        }
        changeAgents(after: last)
        hand(machine.standings)
        for action in actions { perform(action) }
        loop.setDeadline(machine.nextLook, for: self)
    }

    private func changeAgents(after last: Plan) {
        agents += Array(repeating: nil, count: plan.servers.count - agents.count)
        for index in plan.servers.indices {
            let before = index < last.servers.count && !last.servers[index].hasLeft ? last.servers[index] : nil
            let isSame = before?.since == plan.servers[index].since && before?.agent == plan.servers[index].agent
            guard !isSame || plan.servers[index].hasLeft else { continue }
            agents[index]?.close()
            agents[index] = watchAgent(of: index)
        }
    }

    private func handle(_ event: FleetEvent) {
        for action in machine.handle(event, at: loop.now) { perform(action) }
        known.look(machine, at: loop.now)
        loop.setDeadline(machine.nextLook, for: self)
    }

    /// What a command led to is done before it is answered.
    private func perform<Done, Refusal>(
        _ done: (outcome: Result<Done, Refusal>, actions: [FleetAction])
    ) -> Result<Done, Refusal> {
        for action in done.actions { perform(action) }
        return done.outcome
    }

    private func perform(_ action: FleetAction) {
        switch action {
        case .probe(let server): probe(server)
        case .tryOut(let server):
            workers[busiest()].tryOut(server)
        case .limit(let server, let cap):
            let isMore = cap.limit > caps[server.index].limit
            caps[server.index] = cap
            plan.inFlight.setLimit(cap.places, of: server.index)
            if isMore { serve(plan.servers[server.index].pool) }
        case .wait(let pool, let span):
            for worker in workers { worker.wait(pool, atMost: span) }
        case .publish(let standings):
            for worker in workers { worker.apply(standings) }
        case .runHook(let server, let hook, let why): runHook(server, hook, why: why)
        case .note(let note):
            events.note(note)
            if case .lease(let server, let lease) = note { leaseChanged(server, lease) }
            switch note {
            case .server: known.stateChanged()
            case .lease(let id, _), .extended(let id, _): kept.changed(id, machine.keptLease(of: id, at: loop.now))
            default: break
            }
        }
    }

    /// When it is on disk that the server is out, or that was waited for in vain: a worker process that knows nothing of
    /// it would send requests to a server whose hook runs.
    private func runHook(_ id: ServerID, _ hook: UInt64, why: String) {
        whenKept(id) { [unowned self] in
            // The server may have left meanwhile, and its number be another's.
            guard let recycle = machine.recycle(of: id), recycle.phase == .hook, recycle.hook == hook else { return }
            hooks.run(id, hook, why: why)
        }
    }

    /// There are more places in that pool: for those who wait.
    private func serve(_ pool: PoolID) {
        for index in workers.indices where waiting.value(of: pool.index, worker: index) > 0 { workers[index].serve() }
    }

    /// The worker that has seen most answers since the last trial: one without requests would sit on it.
    private func busiest() -> Int {
        let now = workers.indices.map { signs.answers(of: $0) }
        let before = answers.isEmpty ? now.map { _ in 0 } : answers
        answers = now
        return workers.indices.max { now[$0] &- before[$0] < now[$1] &- before[$1] } ?? 0
    }

    private func probe(_ id: ServerID) {
        let server = plan.servers[id.index]
        guard let health = plan.pools[server.pool.index].pool.health else { return }
        do throws(Errno) {
            _ = try Probe(server, health, on: loop) { [unowned self] in
                probed(id, since: server.since, $0.map { .probed(id, $0) } ?? .notProbed(id))
            }
        } catch {
            let event = error.isOwnShortage ? FleetEvent.notProbed(id) : .probed(id, .lost)
            // In the next turn, as every result.
            _ = Alarm(on: loop, at: loop.now) { [unowned self] in probed(id, since: server.since, event) }
        }
    }

    /// The server may have left meanwhile, and its number be another's.
    private func probed(_ id: ServerID, since generation: Int, _ event: FleetEvent) {
        let server = plan.servers[id.index]
        if !server.hasLeft, server.since == generation { handle(event) }
    }
}

extension ServerCap {
    /// As workers count.
    fileprivate var places: Int { reason == .none ? .max : limit }
}
