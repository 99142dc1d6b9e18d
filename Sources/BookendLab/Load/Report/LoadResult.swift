public import BookendCore

/// A run that is over: what was asked for and what came of it.
public struct LoadResult: Sendable {
    /// The generator counts as having kept up while at most this share of its sends is late.
    private static let lateShare = 0.01

    public let url: String
    public let plan: LoadPlan
    public let tally: LoadTally
    public let isInterrupted: Bool
    /// 0...1; nil when any share is accepted.
    public let maxErrorShare: Double?

    public init(url: String, plan: LoadPlan, tally: LoadTally, isInterrupted: Bool, maxErrorShare: Double?) {
        self.url = url
        self.plan = plan
        self.tally = tally
        self.isInterrupted = isInterrupted
        self.maxErrorShare = maxErrorShare
    }

    /// The time in which requests were sent; rates are per second of it.
    public var period: TimeSpan {
        guard let period = plan.period else { return tally.elapsed }
        return isInterrupted ? min(period, tally.elapsed) : period
    }

    public func perSecond(_ count: UInt64) -> Double {
        period > .zero ? Double(count) / period.inSeconds : 0
    }

    public var promiseKept: Bool { maxErrorShare.map { tally.errorShare <= $0 } ?? true }

    /// False when the generator's own delay is likely to be seen in the latencies.
    public var keptUp: Bool { Double(tally.late) <= Self.lateShare * Double(tally.due) }

    /// Not a single connection stood.
    public var isUnreachable: Bool { tally.connections == 0 && tally.failed > 0 }
}
