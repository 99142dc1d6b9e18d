// Power of two choices: draw two servers, take the one with less to do.
//
// It optimises for avoiding the worst server at the least cost of information: two choices take the longest queue from
// about log n to log log n (Mitzenmacher, "The power of two choices in randomized load balancing", 2001), and picks
// made at the same time by several workers do not all run to the same server. The trade-off is randomness at low load,
// where `least-requests` would rotate exactly.
//
// The two are always distinct, drawn among the servers that have room and only those: with two servers both are looked
// at, and the less loaded one always wins. Caddy drew into slots that could overwrite each other, by position in the
// pool and not among the available, so that with two servers half of the traffic went to the busier one (its pull
// request 7873).
//
// Both draws follow the weights. Drawn evenly, one of ten servers could never get more than a fifth of the traffic,
// whatever its weight. The first one drawn wins ties, so idle servers get exactly the shares of `random`.
//
// Constants: 2 choices, because the third brings little (same paper) and costs another pass.

/// The less loaded per weight of two distinct servers drawn at random among those that have room.
public struct PowerOfTwoChoices: BalancingPolicy {
    public init() {}

    public func pick(from candidates: Span<Candidate>, using random: inout SeededRandom) -> Int? {
        guard let drawn = Self.drawTwo(from: candidates, using: &random) else { return nil }
        guard let second = drawn.second else { return drawn.first }
        return candidates[second].isLessLoaded(than: candidates[drawn.first]) ? second : drawn.first
    }

    /// Two distinct servers with room, in the order drawn; no second when only one has room, nil when none has.
    static func drawTwo(
        from candidates: Span<Candidate>, using random: inout SeededRandom
    ) -> (first: Int, second: Int?)? {
        let weights = WeightedDraw.over(candidates)
        guard let first = weights.draw(from: candidates, excluding: nil, using: &random) else { return nil }
        let second = weights.draw(from: candidates, excluding: first, using: &random)
        assert(second != first)
        return (first, second)
    }
}
