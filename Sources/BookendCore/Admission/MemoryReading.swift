/// What a server, or an agent beside it, says of its memory.
public struct MemoryReading: Sendable, Equatable {
    /// The working set: what cannot be dropped. In bytes, or as a part of 1 where the limit is not told.
    public let used: Double
    /// What it may grow to, in the same unit; 1 where only parts are told.
    public let limit: Double
    /// The part of the last ten seconds in which some task of it waited for memory (PSI), 0 to 1. Shown, and nothing acts
    /// on it: without swap a leak goes from the first wait to the end in two seconds, and a busy disk cache makes tasks
    /// wait in the best of health.
    public var pressure: Double?

    /// A limit is a byte at least, or all of the memory. Beyond 2^60 there is no machine; that is far inside the integers, and
    /// the one divided by the other is a number: what comes from a network must neither trap nor be endless.
    public static let limits = 1...0x1p60

    /// Nil for what cannot be: a limit below one byte, of which any use would be an endless part; negative or endless numbers.
    public init?(used: Double, limit: Double) {
        guard used >= 0, used <= Self.limits.upperBound, Self.limits.contains(limit) else { return nil }
        pressure = nil
        self.used = used
        self.limit = limit
    }

    /// Only parts are told.
    public var isShare: Bool { limit == 1 }
    /// The part that is in use: 0 to 1, and more where the limit was lowered. Ten at most, whatever a network says.
    public var part: Double { min(used / limit, 10) }
    /// The part that is free, 0 to 1.
    public var headroom: Double { max(0, 1 - part) }
}
