/// The constants of recycling, each with its reason (control.md, sections 4 and 5).
public enum RecycleLimits {
    /// Bytes of a hook's output that are kept.
    public static let output = 65_536
    /// From a hook's time limit until it is killed and its result is here: SIGTERM, five seconds, SIGKILL; and before its
    /// beginning three seconds at most for the disk.
    public static let grace = TimeSpan.seconds(10)
    /// What a trial drain takes before the drain begins.
    static let trial = TimeSpan.seconds(10)
    /// Recycles at a time, over all pools: whoever runs the hooks has other things to do, too.
    static let atOnce = 4
    /// From when nothing is in flight to the hook at least: by then every worker has heard that the server is out, also one
    /// that had to wait for a core. The disk is waited for as long as a command waits for it.
    static let settle = TimeSpan.milliseconds(250)
    /// From one look whether a recycle may begin, or memory asks for one, to the next.
    static let pace = TimeSpan.seconds(1)
    /// One that has waited for so long for want of a spare, or for an operator, is told.
    static let waits = TimeSpan.seconds(5)
    /// After the others were found to need the server, so long until it is tried again.
    static let again = TimeSpan.seconds(10)
    /// No server is recycled unasked sooner after a recycle that went well: what a start takes is no leak.
    static let rest = TimeSpan.seconds(30)
    /// After one that went wrong: whoever is woken has time to look, and the next try may do better.
    static let afterFailure = TimeSpan.seconds(600)
    /// A forecast below half of the limit is a start or a burst.
    static let forecastFrom = 0.5
    /// A forecast has to hold for so long.
    static let forecastHolds = TimeSpan.seconds(2)
    /// A threshold that was reached counts again when memory has been below it by so much: where a recycle does not help,
    /// another one would not either.
    static let hysteresis = 0.05
    /// With less memory left and more being used, a recycle beside an overload is the smaller evil: the kernel would take
    /// the same capacity away, and what is in flight there with it.
    static let lastResort = 0.05
}
