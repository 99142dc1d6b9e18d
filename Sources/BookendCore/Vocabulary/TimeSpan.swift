/// A length of time in nanoseconds. Eight bytes, unlike `Swift.Duration`, because every connection and timer holds some.
public struct TimeSpan: Hashable, Comparable, Sendable {
    public var nanoseconds: Int64

    @inlinable
    public init(nanoseconds: Int64) {
        self.nanoseconds = nanoseconds
    }

    @inlinable
    public static func microseconds(_ count: Int64) -> TimeSpan { scaled(count, by: 1_000) }

    @inlinable
    public static func milliseconds(_ count: Int64) -> TimeSpan { scaled(count, by: 1_000_000) }

    @inlinable
    public static func seconds(_ count: Int64) -> TimeSpan { scaled(count, by: 1_000_000_000) }

    public static let zero = TimeSpan(nanoseconds: 0)

    @inlinable
    public var inSeconds: Double { Double(nanoseconds) / 1e9 }

    @inlinable
    public var inMilliseconds: Double { Double(nanoseconds) / 1e6 }

    /// For people: whole milliseconds below a second, whole seconds above.
    public var rounded: TimeSpan {
        let unit: Int64 = nanoseconds < 1_000_000_000 ? 1_000_000 : 1_000_000_000
        return TimeSpan(nanoseconds: nanoseconds / unit * unit)
    }

    @inlinable
    public static func < (left: TimeSpan, right: TimeSpan) -> Bool {
        left.nanoseconds < right.nanoseconds
    }

    @inlinable
    static func scaled(_ count: Int64, by unit: Int64) -> TimeSpan {
        let (product, overflow) = count.multipliedReportingOverflow(by: unit)
        return TimeSpan(nanoseconds: overflow ? (count < 0 ? .min : .max) : product)
    }
}

extension TimeSpan: CustomStringConvertible {
    /// As configuration writes it: the largest unit that gives a whole number (`250ms`, `10s`, `5m`, `1h`).
    public var description: String {
        for (unit, size) in [("h", 3_600_000_000_000), ("m", 60_000_000_000), ("s", 1_000_000_000), ("ms", 1_000_000)]
        where nanoseconds != 0 && nanoseconds % Int64(size) == 0 {
            return "\(nanoseconds / Int64(size))\(unit)"
        }
        return nanoseconds == 0 ? "0s" : nanoseconds % 1_000 == 0 ? "\(nanoseconds / 1_000)us" : "\(nanoseconds)ns"
    }
}
