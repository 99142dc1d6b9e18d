import BookendConfig
import BookendCore
import BookendLoop

/// A pool as one worker sees it: its own turn in the balancing, and room for the candidates of a pick.
struct PoolState {
    let servers: Range<Int>
    let retries: Pool.Retries
    let timeouts: Pool.Timeouts
    private let hasBackups: Bool
    private var balancer: Balancer
    private var candidates: [Candidate]

    init(_ plan: PoolPlan) {
        servers = plan.servers
        retries = plan.pool.retries
        timeouts = plan.pool.timeouts
        hasBackups = plan.pool.servers.contains { $0.isBackup }
        balancer = Balancer(Balancer.Policy(plan.pool.balance), serverCount: plan.servers.count)
        candidates = plan.pool.servers.map {
            Candidate(weight: Int32($0.weight), inFlight: 0, cap: .max, isOpen: false)
        }
    }

    /// The server for one request; it is counted as in flight there from now on. Backups serve when no primary is left
    /// to try. Nil when every server was tried.
    mutating func pick(from plan: Plan, except tried: [ServerID], using random: inout SeededRandom) -> ServerID? {
        var index = pick(from: plan, backups: false, tried, &random)
        if index == nil, hasBackups { index = pick(from: plan, backups: true, tried, &random) }
        guard let index else { return nil }
        plan.inFlight.increment(servers.lowerBound + index)
        return ServerID(index: servers.lowerBound + index)
    }

    private mutating func pick(
        from plan: Plan, backups: Bool, _ tried: [ServerID], _ random: inout SeededRandom
    ) -> Int? {
        for index in candidates.indices {
            let server = servers.lowerBound + index
            candidates[index].inFlight = Int32(clamping: plan.inFlight.value(server))
            candidates[index].isOpen = plan.servers[server].isBackup == backups
        }
        for server in tried { candidates[server.index - servers.lowerBound].isOpen = false }
        let candidates = candidates
        return balancer.pick(from: candidates.span, using: &random)
    }
}

extension Balancer.Policy {
    init(_ name: BalanceName) {
        switch name {
        case .roundRobin: self = .roundRobin
        case .leastRequests: self = .leastRequests
        case .p2c: self = .p2c
        case .random: self = .random
        case .first: self = .first
        }
    }
}
