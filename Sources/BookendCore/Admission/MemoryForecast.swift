// When is a server's memory exhausted?
//
// Three windows, 15 seconds, 2 minutes and 30 minutes: a runaway is seen within seconds, a leak of a mebibyte an hour
// takes the longest one. In each the minima of its parts are fitted, so that a garbage collector's sawtooth is no leak, and
// the share of the traffic is taken off first, where it is known. The smallest forecast whose slope is significant counts.

/// Seconds until a server's memory is used up.
public struct MemoryForecast: Sendable {
    /// The minimum of what was used beyond the traffic's share in one part of a window.
    private struct Part {
        var began: Moment
        var least: Double
    }

    private struct Window {
        let part: TimeSpan
        var parts: [Part] = []

        mutating func see(_ used: Double, at now: Moment) {
            if parts.last.map({ now - $0.began >= part }) ?? true {
                parts.append(Part(began: now, least: used))
                if parts.count > MemoryForecast.parts { parts.removeFirst() }
            } else {
                parts[parts.count - 1].least = min(parts[parts.count - 1].least, used)
            }
        }
    }

    static let parts = 15
    private static let fewestPairs = 40
    /// A month: what grows more slowly will have been restarted.
    private static let longest = 30.0 * 86_400

    private var windows = [TimeSpan.seconds(1), .seconds(8), .seconds(120)].map { Window(part: $0) }
    private var reading: MemoryReading?

    public init() {}

    /// - Parameter share: of what is used, what the requests in flight take.
    public mutating func see(_ reading: MemoryReading, share: Double, at now: Moment) {
        if let before = self.reading, before.limit != reading.limit { self = MemoryForecast() }
        self.reading = reading
        for index in windows.indices { windows[index].see(max(0, reading.used - share), at: now) }
    }

    /// Nil when nothing grows, or not within a month.
    public var secondsLeft: Double? {
        guard let reading else { return nil }
        let room = max(0, MemoryLimits.usable * reading.limit - reading.used)
        var least: Double?
        for window in windows {
            guard let slope = Self.slope(window) else { continue }
            least = min(least ?? .infinity, room / slope)
        }
        return least.flatMap { $0 <= Self.longest ? $0 : nil }
    }

    /// What it grows by in a second, at the upper bound; nil when that it grows may be chance.
    private static func slope(_ window: Window) -> Double? {
        // The last part is not over: its minimum is still to come.
        guard window.parts.count > 2, let first = window.parts.first else { return nil }
        let points = window.parts.dropLast().map { (x: ($0.began - first.began).inSeconds, y: $0.least) }
        guard let slope = MedianSlope(points, apart: 0.1, fewest: fewestPairs), slope.lower > 0 else { return nil }
        return slope.upper
    }
}
