// Random: each server with a chance in proportion to its weight.
//
// It optimises for independence: no state, no order that workers or clients could fall into step with. The trade-off is
// unevenness: of n picks over two equal servers the difference is about the square root of n, and load is not looked
// at. Useful as a baseline, and where something else upstream already balances. No constants.

/// Weighted random among the servers that have room.
public struct WeightedRandom: BalancingPolicy {
    public init() {}

    public func pick(from candidates: Span<Candidate>, using random: inout SeededRandom) -> Int? {
        WeightedDraw.over(candidates).draw(from: candidates, excluding: nil, using: &random)
    }
}
