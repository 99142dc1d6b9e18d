public import BookendCore

extension TimeSpan {
    /// `250ms`, `10s`, `5m`, `1h`: a whole number and a unit, nothing between or around them.
    static func parse(_ text: String) -> Result<TimeSpan, UnitProblem> {
        units.parse(text).map { TimeSpan(nanoseconds: Int64($0)) }
    }

    /// As a configuration may have it; nil for anything else.
    public init?(written text: String) {
        guard case .success(let span) = Self.parse(text) else { return nil }
        self = span
    }

    private static var units: Units {
        Units(
            accepted: [
                ("ms", 1_000_000), ("s", 1_000_000_000), ("m", 60_000_000_000), ("h", 3_600_000_000_000),
            ],
            spellings: [
                "msec": "ms", "msecs": "ms", "milli": "ms", "millis": "ms", "millisecond": "ms", "milliseconds": "ms",
                "sec": "s", "secs": "s", "second": "s", "seconds": "s", "min": "m", "mins": "m", "minute": "m",
                "minutes": "m", "hr": "h", "hrs": "h", "hour": "h", "hours": "h", "ms": "ms", "s": "s", "m": "m",
                "h": "h",
            ],
            written: { TimeSpan(nanoseconds: Int64($0)).description },
            likely: "s")
    }
}
