import BookendConfig
import BookendCore
import BookendLoop
import BookendProxy

/// Runs the `FleetMachine` on the control loop: brings it what happens, and does what it says.
final class FleetRunner: EventSource {
    private let plan: Plan
    private let signs: SharedSigns
    private let loop: Loop
    private let waiting: WaitingCounts
    private let known: KnownStates
    let hooks: HookDesk
    private let say: (String) -> Void
    /// Is told every action.
    private let told: (FleetAction) -> Void
    private let loads: LoadReports
    private var machine: FleetMachine
    /// What is to be done as soon as there are workers.
    private var first: [FleetAction]
    private var workers: [WorkerThread] = []
    /// Nil for servers without an agent that is asked.
    private var agents: [AgentWatch?] = []
    /// As said last.
    private(set) var caps: [ServerCap]
    /// At the last trial.
    private var answers: [UInt64] = []
    /// Whether the states on disk, or on their way there, are those of now.
    private var isSaved = true
    /// Requests refused since the last look, by pool.
    private var refusals: [Int]
    private var savedCaps: [Int?]
    private var savedAt: Moment

    /// Learned caps are written no more often.
    private static let saving = TimeSpan.seconds(5)

    /// - Parameters:
    ///   - say: takes one line of text.
    ///   - told: takes every action, before it is done.
    init(
        _ plan: Plan, _ signs: SharedSigns, _ waiting: WaitingCounts, _ known: KnownStates, _ hooks: HookDesk,
        on loop: Loop,
        say: @escaping (String) -> Void, told: @escaping (FleetAction) -> Void
    ) {
        self.plan = plan
        self.signs = signs
        self.waiting = waiting
        self.loop = loop
        self.known = known
        self.hooks = hooks
        self.say = say
        self.told = told
        loads = LoadReports(signs, servers: plan.servers.count, workers: waiting.workers, at: loop.now)
        var random = SystemRandomNumberGenerator()
        let (states, leases) = known.load(plan, wallClock: loop.kernel.wallClock())
        var machine = FleetMachine(FleetRules(plan), known: states, seed: random.next(), at: loop.now)
        first = machine.resume(leases, at: loop.now)
        self.machine = machine
        refusals = plan.pools.map { _ in 0 }
        caps = plan.servers.indices.map { machine.cap(of: ServerID(index: $0)) }
        savedCaps = plan.servers.indices.map { machine.known(of: ServerID(index: $0)).cap }
        savedAt = loop.now
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
        plan.servers[server].agent.map { agent in
            AgentWatch(agent, on: loop, seed: UInt64(server)) { [unowned self] in
                handle(.advised(ServerID(index: server), $0))
            }
        }
    }

    override func deadlinePassed() {
        look()
    }

    func lost(_ server: ServerID, _ loss: Loss) {
        handle(.lost(server, loss))
    }

    func reported(_ server: ServerID, _ reading: MemoryReading) {
        handle(.reported(server, reading))
    }

    func take(_ terms: LeaseTerms, of server: ServerID) -> Result<Lease, LeaseRefusal> {
        perform(machine.take(terms, of: server, at: loop.now))
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

    func memory(of server: Int) -> ServerMemory? { machine.memory(of: ServerID(index: server), at: loop.now) }
    func load(of server: Int) -> LoadReport? { loads.newest(of: server, at: loop.now) }
    func agent(of server: Int) -> AgentWatch? { agents.isEmpty ? nil : agents[server] }
    func advice(of server: Int) -> AgentAdvice { machine.advice(of: ServerID(index: server)) }
    func health(of server: Int) -> ServerHealth { machine.health(of: ServerID(index: server)) }
    var standings: [Standing] { machine.standings }
    func lease(of server: Int) -> Lease? { machine.lease(of: ServerID(index: server)) }
    func lastLease(of server: Int) -> Lease? { machine.lastLease(of: ServerID(index: server)) }
    func recycle(of server: Int) -> Recycle? { machine.recycle(of: ServerID(index: server)) }
    func recycles(of pool: Int) -> [Recycle] { machine.recycles(of: PoolID(index: pool)) }
    var alarms: [FleetAlarm] { machine.openAlarms }
    func spareCapacityRatio(of pool: Int) -> Double? {
        machine.spareCapacityRatio(of: PoolID(index: pool), at: loop.now)
    }
    func isPanic(_ pool: Int) -> Bool { machine.isPanic(PoolID(index: pool)) }

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
        for pool in refusals.indices { refusals[pool] = 0 }
        let seen = plan.servers.indices.map { index in
            var signs = signs.total(of: index, at: loop.now)
            signs.inFlight = plan.inFlight.value(index)
            return signs
        }
        handle(.look(seen))
        for (server, reading) in loads.take(at: loop.now) { reported(server, reading) }
        save()
    }

    private func save() {
        if isSaved, loop.now - savedAt >= Self.saving {
            isSaved = savedCaps.indices.allSatisfy { index in
                let cap = machine.known(of: ServerID(index: index)).cap
                // A quarter more or less is the limiter's breath.
                return cap == savedCaps[index]
                    || abs((cap ?? 0) - (savedCaps[index] ?? 0)) <= (savedCaps[index] ?? 0) / 4
            }
        }
        guard !isSaved else { return }
        isSaved = known.save(
            plan, leases: machine.keptLeases(at: loop.now), wallClock: loop.kernel.wallClock()
        ) { machine.known(of: ServerID(index: $0)) }
        savedAt = loop.now
        savedCaps = plan.servers.indices.map { machine.known(of: ServerID(index: $0)).cap }
    }

    private func handle(_ event: FleetEvent) {
        for action in machine.handle(event, at: loop.now) { perform(action) }
        loop.setDeadline(machine.nextLook, for: self)
    }

    /// What a command led to is done, and on its way to the disk, before it is answered.
    private func perform<Done, Refusal>(
        _ done: (outcome: Result<Done, Refusal>, actions: [FleetAction])
    ) -> Result<Done, Refusal> {
        for action in done.actions { perform(action) }
        save()
        return done.outcome
    }

    private func perform(_ action: FleetAction) {
        told(action)
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
        case .runHook(let server, let hook, let why): hooks.run(server, hook, why: why)
        case .note(let note):
            if let line = NoteText(plan).line(note) { say(line) }
            switch note {
            case .server, .lease, .extended: isSaved = false
            default: break
            }
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
                handle($0.map { .probed(id, $0) } ?? .notProbed(id))
            }
        } catch {
            let event = error.isOwnShortage ? FleetEvent.notProbed(id) : .probed(id, .lost)
            // In the next turn, as every result.
            _ = Alarm(on: loop, at: loop.now) { [unowned self] in handle(event) }
        }
    }
}

extension ServerCap {
    /// As workers count.
    fileprivate var places: Int { reason == .none ? .max : limit }
}

extension FleetRules {
    init(_ plan: Plan) {
        self.init(
            pools: plan.pools.map { pool in
                Pool(
                    servers: pool.servers,
                    health: HealthRules(
                        probes: pool.pool.health.map { HealthRules.Probes(every: $0.every, timeout: $0.timeout) },
                        slowStart: pool.pool.slowStart),
                    exercise: pool.pool.exerciseBackups, isLimited: pool.pool.admission.limiter == .auto,
                    spreads: pool.pool.balance != .first)
            },
            servers: plan.servers.map { server in
                var rules = Server(weight: Int(server.weight), isBackup: server.isBackup, cap: server.maxInFlight)
                rules.recycle = server.recycling.map(RecycleRules.init)
                return rules
            })
    }
}

extension RecycleRules {
    init(_ recycling: Recycling) {
        self.init(
            drain: recycling.drain, hook: recycling.timeout, ready: recycling.ready,
            memory: recycling.memoryPercent.map { Double($0) / 100 })
    }
}
