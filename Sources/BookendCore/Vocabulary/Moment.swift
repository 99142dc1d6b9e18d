/// A point on the monotonic clock, in nanoseconds since an arbitrary origin. Always an argument: the core owns no clock.
public struct Moment: Hashable, Comparable, Sendable {
    public var nanoseconds: UInt64

    @inlinable
    public init(nanoseconds: UInt64) {
        self.nanoseconds = nanoseconds
    }

    @inlinable
    public static func < (left: Moment, right: Moment) -> Bool {
        left.nanoseconds < right.nanoseconds
    }

    /// Saturates at the end of the clock, so that "never" stays representable.
    @inlinable
    public static func + (left: Moment, right: TimeSpan) -> Moment {
        let (sum, overflow) = left.nanoseconds.addingReportingOverflow(UInt64(max(0, right.nanoseconds)))
        return overflow ? .distantFuture : Moment(nanoseconds: sum)
    }

    /// Time from `right` to `left`; zero when `left` is the earlier one.
    @inlinable
    public static func - (left: Moment, right: Moment) -> TimeSpan {
        guard left.nanoseconds > right.nanoseconds else { return .zero }
        return TimeSpan(nanoseconds: Int64(clamping: left.nanoseconds - right.nanoseconds))
    }

    public static let origin = Moment(nanoseconds: 0)
    public static let distantFuture = Moment(nanoseconds: .max)
}
