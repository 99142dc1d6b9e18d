// How many requests may be sent a second time?
//
// A retry helps when one server is in trouble and multiplies the load when all are. So retries are paid for: each
// request earns a share of one, ten percent by default, and time earns three a second, so that little traffic can retry
// too (Finagle's RetryBudget). What is not spent is kept for ten seconds' worth: a server that dies with many requests
// in flight is when it is wanted.

/// What is left for retries; one for each worker and pool.
public struct RetryBudget: Sendable, Equatable {
    private static let whole: Int64 = 1_000_000
    private static let perSecond: Int64 = 3
    private static let keptSeconds: Int64 = 10

    /// Millionths of a retry that a request earns.
    private let earned: Int64
    private let earnedPerSecond: Double
    private let mostFromTime: Int64
    /// Millionths.
    private var fromRequests: Int64 = 0
    private var fromTime: Int64
    private var updated: Moment

    /// - Parameters:
    ///   - percent: of the requests.
    ///   - workers: that share the three a second.
    public init(percent: Int, workers: Int, at now: Moment) {
        earned = Int64(percent) * Self.whole / 100
        let share = Int64(max(1, workers))
        earnedPerSecond = Double(Self.perSecond * Self.whole) / Double(share)
        // Many workers keep one each at least: a part of a retry is none.
        mostFromTime = max(Self.whole, Self.perSecond * Self.keptSeconds * Self.whole / share)
        fromTime = percent == 0 ? 0 : mostFromTime
        updated = now
    }

    public mutating func noteRequest() {
        fromRequests += earned
    }

    /// Pays for one retry; false when there is nothing left.
    public mutating func take() -> Bool {
        if fromRequests >= Self.whole {
            fromRequests -= Self.whole
            return true
        }
        guard fromTime >= Self.whole else { return false }
        fromTime -= Self.whole
        return true
    }

    /// To be called a few times a second. What requests earned loses its worth over ten seconds; what time earns grows up
    /// to its bound.
    public mutating func settle(at now: Moment) {
        let seconds = min((now - updated).inSeconds, Double(Self.keptSeconds))
        updated = now
        fromRequests = Int64(Double(fromRequests) * (1 - seconds / Double(Self.keptSeconds)))
        guard earned > 0 else { return }
        fromTime = min(mostFromTime, fromTime + Int64(earnedPerSecond * seconds))
    }
}
