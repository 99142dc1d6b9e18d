public import BookendCore

/// What happened in about one second, on one thread or, added up, on all.
public struct LoadProgress: Sendable {
    /// From the beginning of the run to the end of this second.
    public var elapsed = TimeSpan.zero
    /// The time since the progress before.
    public var span = TimeSpan.zero
    public var due: UInt64 = 0
    public var sent: UInt64 = 0
    public var answered: UInt64 = 0
    public var errors: UInt64 = 0
    public var late: UInt64 = 0
    /// Now, waiting or under way.
    public var outstanding = 0
    /// From the intended send, of the answers of this second. 4 bits: 3 % are good enough for a glance, and cheap.
    public var latency = LatencyHistogram(precisionBits: 4)

    public init() {}

    public mutating func add(_ other: LoadProgress) {
        elapsed = max(elapsed, other.elapsed)
        span = max(span, other.span)
        due += other.due
        sent += other.sent
        answered += other.answered
        errors += other.errors
        late += other.late
        outstanding += other.outstanding
        latency.merge(other.latency)
    }
}
