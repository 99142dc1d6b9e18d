/// Chooses the server for one request. Each worker has its own policy value; nothing is shared but the counters that
/// the candidates carry.
public protocol BalancingPolicy: Sendable {
    /// The index of the chosen candidate, or nil when none has room.
    ///
    /// `candidates` has one entry per server of the pool, always in the same order, whether or not it is open.
    mutating func pick(from candidates: Span<Candidate>, using random: inout SeededRandom) -> Int?
}
