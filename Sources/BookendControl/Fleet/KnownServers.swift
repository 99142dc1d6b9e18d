import BookendConfig
import BookendCore
import BookendProxy

/// What is known of the servers, handed to the store when it changes.
final class KnownServers {
    /// Learned caps are sent no more often.
    private static let pause = TimeSpan.seconds(5)

    private let current: CurrentPlan
    private var plan: Plan { current.plan }
    private let store: Store
    private let clock: () -> WallTime
    /// As the store has it; nil for servers of which it has nothing.
    private var sent: [ServerRecord?]
    private var sentAt = Moment.origin
    /// A state has changed.
    private var isDue = false

    /// - Parameter clock: the time of day.
    init(_ current: CurrentPlan, _ store: Store, clock: @escaping () -> WallTime) {
        self.current = current
        let plan = current.plan
        self.store = store
        self.clock = clock
        let remembered = store.servers
        sent = plan.servers.map { remembered[plan.key(of: $0)] }
    }

    /// From before this worker process, in the order of the plan.
    var known: [FleetRules.Known?] {
        sent.map { record in
            guard let record, let state = ServerHealth.State(name: record.state) else { return nil }
            return FleetRules.Known(
                state: state, cap: record.cap,
                death: record.death.map {
                    HalfStepLimiter.Death(inFlight: $0.inFlight, times: $0.times, ceiling: $0.ceiling)
                })
        }
    }

    /// The plan is another one from now on: of servers that have come nothing was sent.
    func follow(_ plan: Plan) {
        sent += Array(repeating: nil, count: plan.servers.count - sent.count)
        for id in plan.joining { sent[id.index] = nil }
        isDue = true
    }

    /// A server's state has changed: that is not to wait.
    func stateChanged() {
        isDue = true
    }

    /// Sends what has changed since it was sent.
    func look(_ machine: FleetMachine, at now: Moment) {
        let isTime = now - sentAt >= Self.pause
        guard isTime || isDue else { return }
        if isTime { sentAt = now }
        isDue = false
        for index in sent.indices where !plan.servers[index].hasLeft {
            let record = record(of: index, machine.known(of: ServerID(index: index)))
            if let before = sent[index], record.isLike(before) { continue }
            store.take(.server(record)) { _ in }
            sent[index] = record
        }
    }

    private func record(of index: Int, _ known: FleetRules.Known) -> ServerRecord {
        let server = plan.servers[index]
        let before = sent[index]?.death
        let death = known.death.map { death in
            ServerRecord.Death(
                inFlight: death.inFlight, times: death.times, ceiling: death.ceiling,
                time: before?.times == death.times ? before?.time ?? clock() : clock())
        }
        return ServerRecord(
            pool: plan.pools[server.pool.index].pool.name, server: server.name, state: known.state.name, cap: known.cap,
            death: death)
    }
}

extension ServerRecord {
    /// Not worth writing anew: a quarter more or less is the limiter's breath, a tenth a minute of healing.
    fileprivate func isLike(_ before: ServerRecord) -> Bool {
        guard state == before.state, death?.times == before.death?.times, (cap == nil) == (before.cap == nil) else {
            return false
        }
        let isSameCap = abs((cap ?? 0) - (before.cap ?? 0)) <= (before.cap ?? 0) / 4
        let isSameCeiling =
            abs((death?.ceiling ?? 0) - (before.death?.ceiling ?? 0)) <= (before.death?.ceiling ?? 0) / 10
        return isSameCap && isSameCeiling
    }
}

extension ServerHealth.State {
    /// As status, log and store write it.
    var name: String {
        switch self {
        case .starting: "starting"
        case .healthy: "healthy"
        case .suspect: "suspect"
        case .dead: "dead"
        case .returning: "returning"
        }
    }

    init?(name: String) {
        guard let state = Self.allCases.first(where: { $0.name == name }) else { return nil }
        self = state
    }
}
