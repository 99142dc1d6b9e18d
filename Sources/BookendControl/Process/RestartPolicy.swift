import BookendCore

/// When a worker process that died is started again: at once if it had lived for a while, and ever later while it keeps
/// dying, so that a fault at start does not become a busy loop.
struct RestartPolicy {
    /// A process that lived so long died of something that happened, not of how it starts: waiting would only make the
    /// outage longer.
    private static let settled = TimeSpan.milliseconds(500)
    /// Quick deaths in a row that are not yet a pattern.
    private static let free = 3
    private static let firstDelay = TimeSpan.milliseconds(100)
    private static let longestDelay = TimeSpan.seconds(5)

    private var deaths = 0

    /// The time to wait before the next start.
    mutating func delay(afterLiving lived: TimeSpan) -> TimeSpan {
        if lived >= Self.settled { deaths = 0 }
        deaths += 1
        guard deaths > Self.free else { return .zero }
        let doubled = Self.firstDelay.nanoseconds << min(deaths - Self.free - 1, 10)
        return min(TimeSpan(nanoseconds: doubled), Self.longestDelay)
    }
}
