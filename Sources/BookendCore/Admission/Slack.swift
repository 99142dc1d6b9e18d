// Is the overload over?
//
// Not when nobody is refused any more: where a server takes long for each request, some wait in vain for as little as an answer
// takes at seven tenths of the load too. But then many find a free place when they come, and in overload nearly nobody does.

/// Counts who is served in overload or turned away at the door, and how many of them did not have to wait.
struct Slack: Sendable {
    /// Counted for so long at least, in times of a patience too, and of so many.
    private static let window = TimeSpan.seconds(1)
    private static let patiences: Int64 = 2
    private static let fewest = 8
    private var served = 0
    private var servedAtOnce = 0
    private var refused = 0
    private var since: Moment

    init(at now: Moment) {
        since = now
    }

    mutating func served(atOnce: Bool) {
        served += 1
        if atOnce { servedAtOnce += 1 }
    }

    mutating func turnedAway() {
        refused += 1
    }

    /// Most did not have to wait. Begins to count anew when it has counted for long enough.
    mutating func isSeen(patience: TimeSpan, at now: Moment) -> Bool {
        let window = max(Self.window, TimeSpan(nanoseconds: Self.patiences * patience.nanoseconds))
        guard served >= Self.fewest, now - since >= window else { return false }
        defer { self = Slack(at: now) }
        return 2 * servedAtOnce > served + refused
    }
}
