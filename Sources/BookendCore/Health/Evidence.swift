/// How a request lost its connection to a server.
public enum Loss: UInt8, Sendable, CaseIterable {
    /// Nobody listens there.
    case refused
    /// No way leads there.
    case unreachable
    /// Nobody answered the first packet.
    case timedOut
    /// While a request waited for its answer.
    case reset
}

/// What came of a probe.
public enum ProbeResult: Sendable, Equatable {
    case good
    /// The connection was refused, reset, or found no way.
    case lost
    /// No whole answer in time.
    case timedOut
    /// An answer, but not the one that was wanted.
    case wrong(Fault)

    /// Whether both are lost, or out of time, or wrong in whatever way.
    func isLike(_ other: ProbeResult) -> Bool {
        switch (self, other) {
        case (.good, .good), (.lost, .lost), (.timedOut, .timedOut), (.wrong, .wrong): true
        default: false
        }
    }

    public enum Fault: Sendable, Equatable {
        case status(Int)
        case field
        case body
        /// No HTTP, or cut off.
        case malformed
    }
}

/// What the workers counted of one server since they started.
public struct Signs: Sendable, Equatable {
    /// Heads of answers below 500.
    public var answered: UInt64 = 0
    /// Heads of answers of 500 and above.
    public var failed: UInt64 = 0
    /// Answers below 500 that came to their end.
    public var whole: UInt64 = 0
    /// Requests whose answer was late, broken, cut off or missing, unless it is among `failed`.
    public var spoiled: UInt64 = 0
    public var connectFailures: UInt64 = 0
    /// Of the latencies of `answered`, in `LogLatency` units, and of their squares.
    public var logSum: UInt64 = 0
    public var logSquares: UInt64 = 0
    /// Requests that gave up their place.
    public var ended: UInt64 = 0
    /// What all requests together have spent there by now, also those that are still there: nanoseconds.
    public var slotTime: UInt64 = 0
    /// Of `ended`, from the pick to the end: microseconds, and their squares.
    public var latencySum: UInt64 = 0
    public var latencySquares: UInt64 = 0
    /// At this moment.
    public var inFlight = 0
    /// Of those, the ones whose answer has not begun: a tunnel or a long download is no silence.
    public var awaited = 0

    public init() {}

    static func - (left: Signs, right: Signs) -> Signs {
        var delta = Signs()
        delta.answered = left.answered &- right.answered
        delta.whole = left.whole &- right.whole
        delta.failed = left.failed &- right.failed
        delta.spoiled = left.spoiled &- right.spoiled
        delta.connectFailures = left.connectFailures &- right.connectFailures
        delta.logSum = left.logSum &- right.logSum
        delta.logSquares = left.logSquares &- right.logSquares
        delta.ended = left.ended &- right.ended
        delta.slotTime = left.slotTime &- right.slotTime
        delta.latencySum = left.latencySum &- right.latencySum
        delta.latencySquares = left.latencySquares &- right.latencySquares
        delta.inFlight = left.inFlight
        delta.awaited = left.awaited
        return delta
    }
}

/// A latency as 256 times its binary logarithm: means of logarithms compare servers by ratio, and one outlier among a
/// hundred does not move them. Interpolated between powers of two, off by less than 9 %.
public enum LogLatency {
    static let perDoubling = 256.0

    @inlinable
    public static func of(_ span: TimeSpan) -> UInt64 {
        let value = UInt64(max(256, span.nanoseconds))
        let exponent = 63 - value.leadingZeroBitCount
        return UInt64(exponent) << 8 | (value >> UInt64(exponent - 8)) & 0xFF
    }
}
