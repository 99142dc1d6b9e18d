// A pool of any size, picked from in bounded time.
//
// A policy looks at every candidate, and looking costs a cache line each: at 32 servers 0.1 µs, at 1,000 nearly 4 µs,
// more than the rest of a pick and admit may take. So beyond `largestGroup` a pool is cut into groups of neighbours. The
// groups take turns in proportion to their weights, and the policy chooses inside the group whose turn it is.
//
// The trade-off: round-robin keeps its exact shares, since the shares of shares are exact. `least-requests` and `p2c`
// choose among 32 servers instead of all: the best of 32 is as good as the best of 1,000 but for a hair (Mitzenmacher,
// "The power of two choices", 2001: the gain is in the second choice, not in the thousandth). A group without room passes
// its turn on to the next. `first` fills in order, so its groups have no turns.

/// A policy over groups of at most 32 servers of a pool.
public struct GroupedBalancer: Sendable {
    /// As many as are looked at for one pick: Bookend's fleets have 2 to 50 servers, and most are scanned whole.
    public static let largestGroup = 32

    private var balancers: [Balancer]
    private var turns: Turns
    private var weights: [Candidate]
    private let servers: Int
    private let fillsInOrder: Bool

    /// - Parameter weights: of the servers, in the order of all picks to come.
    public init(_ policy: Balancer.Policy, weights: [Int32]) {
        servers = weights.count
        fillsInOrder = policy == .first
        let starts = stride(from: 0, to: weights.count, by: Self.largestGroup)
        let groups = starts.map { $0..<min($0 + Self.largestGroup, weights.count) }
        balancers = groups.map { Balancer(policy, serverCount: $0.count) }
        turns = Turns(serverCount: groups.count)
        self.weights = groups.map { Candidate(groupWeight: weights[$0].reduce(0, +)) }
    }

    /// The groups' shares follow who serves.
    ///
    /// - Parameter weights: of the servers, 0 for those that do not serve now.
    public mutating func update(weights: [Int32]) {
        precondition(weights.count == servers, "one server, one weight")
        for group in self.weights.indices {
            self.weights[group] = Candidate(groupWeight: weights[range(ofGroup: group)].reduce(0, +))
        }
    }

    public var groupCount: Int { balancers.count }

    /// Where a group's servers stand in the pool.
    public func range(ofGroup group: Int) -> Range<Int> {
        let start = group * Self.largestGroup
        return start..<min(start + Self.largestGroup, servers)
    }

    /// The group whose turn it is; the ones after it take its place when nobody there has room.
    public mutating func nextGroup() -> Int {
        if groupCount <= 1 || fillsInOrder { return 0 }
        let weights = weights
        return turns.next(among: weights.span, admitting: Everyone()) ?? 0
    }

    /// The index in the pool of the server chosen; nil when none of the group has room.
    ///
    /// - Parameter candidates: the group's servers.
    public mutating func pick(
        inGroup group: Int, from candidates: Span<Candidate>, using random: inout SeededRandom
    ) -> Int? {
        guard let index = balancers[group].pick(from: candidates, using: &random) else { return nil }
        return group * Self.largestGroup + index
    }
}

private struct Everyone: TurnRule {
    func admits(_ candidate: Candidate) -> Bool { candidate.weight > 0 }
}
