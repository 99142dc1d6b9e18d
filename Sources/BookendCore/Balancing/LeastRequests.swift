// Least requests: the server with the fewest requests in flight per unit of weight.
//
// It optimises for even queues: a slow server keeps its requests longer and so gets fewer new ones, without any
// measurement of time. The trade-offs: a server that fails fast is always empty and attracts traffic until health
// checks notice, and a server that starts cold gets everything until it is as loaded as the rest (hence caps that grow
// slowly). The counts are exact across workers, so workers do not herd on stale figures as distributed balancers do.
//
// Equals take turns by smooth weighted round-robin (Turns.swift): idle servers get exact shares of their weights, and a
// pool under light load does not send everything to its first server. HAProxy's leastconn does the same with equal
// weights.
//
// Loads are compared by cross-multiplication: a division would be slower and would make ties of loads that differ.
// No constants.

/// Fewest in flight per weight among the servers that have room; ties in smooth weighted round-robin order.
public struct LeastRequests: BalancingPolicy {
    private var turns: Turns

    /// `serverCount` is the number of candidates of every pick to come.
    public init(serverCount: Int) {
        turns = Turns(serverCount: serverCount)
    }

    public mutating func pick(from candidates: Span<Candidate>, using random: inout SeededRandom) -> Int? {
        guard let least = Candidate.best(of: candidates, by: { $0.isLessLoaded(than: $1) }) else { return nil }
        return turns.next(among: candidates, admitting: HasRoomAndIsAsLoaded(as: least))
    }
}

private struct HasRoomAndIsAsLoaded: TurnRule {
    let reference: Candidate

    init(as reference: Candidate) {
        self.reference = reference
    }

    func admits(_ candidate: Candidate) -> Bool { candidate.hasRoom && candidate.isAsLoaded(as: reference) }
}
