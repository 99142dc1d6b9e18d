/// What a server, or an agent beside it, says of its memory.
public struct MemoryReading: Sendable, Equatable {
    /// The working set: what cannot be dropped. In bytes, or as a part of 1 where the limit is not told.
    public let used: Double
    /// What it may grow to, in the same unit; 1 where only parts are told.
    public let limit: Double

    /// Nil for what cannot be: a limit of nothing, negative or endless numbers.
    public init?(used: Double, limit: Double) {
        guard used.isFinite, limit.isFinite, used >= 0, limit > 0 else { return nil }
        self.used = used
        self.limit = limit
    }

    /// The part that is free, 0 to 1.
    public var headroom: Double { max(0, 1 - used / limit) }
}
