import BookendCore

/// When a program that ended is started again: after a second, as systemd does with `Restart=always` and
/// `RestartSec=1`; more slowly while it keeps ending right after its start, so that a fault does not become a load.
struct RestartDelay {
    static let usual = TimeSpan.seconds(1)
    static let long = TimeSpan.seconds(10)
    /// A program that ran for so long ended of something that happened, not of how it starts.
    private static let settled = TimeSpan.seconds(10)
    private static let patience = 5

    private var shortLives = 0

    mutating func next(afterLiving lived: TimeSpan) -> TimeSpan {
        shortLives = lived < Self.settled ? shortLives + 1 : 0
        return shortLives < Self.patience ? Self.usual : Self.long
    }
}
