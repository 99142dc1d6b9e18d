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
    private let known: KnownServers
    private let journal: FleetJournal
    private var machine: FleetMachine
    private var workers: [WorkerThread] = []
    /// As said last.
    private(set) var caps: [ServerCap]
    /// At the last trial.
    private var answers: [UInt64] = []

    init(
        _ plan: Plan, _ signs: SharedSigns, _ waiting: WaitingCounts, _ known: KnownServers, _ journal: FleetJournal,
        on loop: Loop
    ) {
        self.plan = plan
        self.signs = signs
        self.waiting = waiting
        self.loop = loop
        self.known = known
        self.journal = journal
        var random = SystemRandomNumberGenerator()
        let machine = FleetMachine(
            FleetRules(plan), known: known.known, seed: random.next(), at: loop.now)
        self.machine = machine
        caps = plan.servers.indices.map { machine.cap(of: ServerID(index: $0)) }
        for index in caps.indices { plan.inFlight.setLimit(caps[index].places, of: index) }
        super.init()
    }

    /// Begins to watch.
    func start(_ workers: [WorkerThread]) {
        self.workers = workers
        loop.add(self)
        look()
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

    func memory(of server: Int) -> ServerMemory? { machine.memory(of: ServerID(index: server), at: loop.now) }
    func health(of server: Int) -> ServerHealth { machine.health(of: ServerID(index: server)) }
    var standings: [Standing] { machine.standings }
    func isPanic(_ pool: Int) -> Bool { machine.isPanic(PoolID(index: pool)) }

    private func look() {
        let seen = plan.servers.indices.map { index in
            var signs = signs.total(of: index, at: loop.now)
            signs.inFlight = plan.inFlight.value(index)
            return signs
        }
        handle(.look(seen))
        journal.look(at: loop.now)
    }

    private func handle(_ event: FleetEvent) {
        for action in machine.handle(event, at: loop.now) { perform(action) }
        known.look(machine, at: loop.now)
        loop.setDeadline(machine.nextLook, for: self)
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
        case .note(let note):
            journal.note(note)
            if case .server = note { known.stateChanged() }
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
                    exercise: pool.pool.exerciseBackups, isLimited: pool.pool.admission.limiter == .auto)
            },
            servers: plan.servers.map { Server(weight: Int($0.weight), isBackup: $0.isBackup, cap: $0.maxInFlight) })
    }
}
