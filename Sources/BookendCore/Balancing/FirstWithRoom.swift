// First: fill the servers in the order of the configuration, each up to its cap.
//
// It optimises for using as few servers as possible, so that the last ones can be switched off (HAProxy's `first`). The
// trade-off: the first server is always as loaded as it may be, so caps must be set with care; without a cap it takes
// everything while it is open. Weights are not looked at. No constants.

/// The first server that has room.
public struct FirstWithRoom: BalancingPolicy {
    public init() {}

    public func pick(from candidates: Span<Candidate>, using random: inout SeededRandom) -> Int? {
        for index in candidates.indices where candidates[index].hasRoom {
            return index
        }
        return nil
    }
}
