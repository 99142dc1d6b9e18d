import BookendConfig
package import BookendCore
import BookendLoop

/// A pool as one worker sees it: its own turn in the balancing, and room for the candidates of a pick. Nothing in it is
/// shared with other workers but the counts of requests in flight.
package struct PoolState {
    let servers: Range<Int>
    let retries: Pool.Retries
    let timeouts: Pool.Timeouts
    private let isBackup: [Bool]
    private let hasBackups: Bool
    private let weights: [Int32]
    /// Of all servers of the plan.
    private let inFlight: SharedCounters.Cells
    private let inFlightOwner: SharedCounters
    private var balancer: GroupedBalancer
    private var candidates: [Candidate]

    package init(_ pool: PoolPlan, of plan: Plan) {
        servers = pool.servers
        retries = pool.pool.retries
        timeouts = pool.pool.timeouts
        isBackup = pool.pool.servers.map(\.isBackup)
        hasBackups = isBackup.contains(true)
        weights = pool.pool.servers.map { Int32($0.weight) }
        inFlightOwner = plan.inFlight
        inFlight = inFlightOwner.cells
        balancer = GroupedBalancer(Balancer.Policy(pool.pool.balance), weights: weights)
        candidates = []
        candidates.reserveCapacity(GroupedBalancer.largestGroup)
    }

    /// The server for one request; it is counted as in flight there from now on. Backups serve when no primary is left
    /// to try. Nil when every server was tried.
    package mutating func pick(except tried: [ServerID], using random: inout SeededRandom) -> ServerID? {
        var index = pick(backups: false, tried, &random)
        if index == nil, hasBackups { index = pick(backups: true, tried, &random) }
        guard let index else { return nil }
        inFlight.increment(servers.lowerBound + index)
        return ServerID(index: servers.lowerBound + index)
    }

    private mutating func pick(backups: Bool, _ tried: [ServerID], _ random: inout SeededRandom) -> Int? {
        let first = balancer.nextGroup()
        for offset in 0..<balancer.groupCount {
            let group = (first + offset) % balancer.groupCount
            look(at: balancer.range(ofGroup: group), backups, tried)
            let candidates = candidates
            if let index = balancer.pick(inGroup: group, from: candidates.span, using: &random) { return index }
        }
        return nil
    }

    private mutating func look(at group: Range<Int>, _ backups: Bool, _ tried: [ServerID]) {
        candidates.removeAll(keepingCapacity: true)
        for index in group {
            let count = Int32(clamping: inFlight.value(servers.lowerBound + index))
            candidates.append(
                Candidate(
                    weight: weights[index], inFlight: max(0, count), cap: .max, isOpen: isBackup[index] == backups))
        }
        for server in tried where group.contains(server.index - servers.lowerBound) {
            candidates[server.index - servers.lowerBound - group.lowerBound].isOpen = false
        }
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
