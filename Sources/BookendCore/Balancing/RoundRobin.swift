// Round-robin: each server in turn, in proportion to its weight.
//
// It optimises for evenness of counts and for being predictable: equal servers get exactly equal numbers of requests,
// and anyone can check it by hand. The trade-off is that it does not look at load: a server that is slower than its
// weight says fills up to its cap before it is spared. Picks skip what is full or out.
//
// The rule and its reasons are in Turns.swift. No constants of its own.

/// Smooth weighted round-robin among the servers that have room.
public struct RoundRobin: BalancingPolicy {
    private var turns: Turns

    /// `serverCount` is the number of candidates of every pick to come.
    public init(serverCount: Int) {
        turns = Turns(serverCount: serverCount)
    }

    public mutating func pick(from candidates: Span<Candidate>, using random: inout SeededRandom) -> Int? {
        turns.next(among: candidates, admitting: HasRoom())
    }
}

private struct HasRoom: TurnRule {
    func admits(_ candidate: Candidate) -> Bool { candidate.hasRoom }
}
