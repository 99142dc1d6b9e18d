/// What the configuration says about recycling a server.
public struct RecycleRules: Sendable, Equatable {
    /// How long what is in flight may take to end. Beyond, the recycle is given up: it cuts nobody off.
    public let drain: TimeSpan
    /// How long the hook may take.
    public let hook: TimeSpan
    /// How long the server may take, after the hook, until it answers its checks.
    public let ready: TimeSpan
    /// Of its memory, 0 to 1: with so much in use it is recycled unasked, and before it runs out. Nil: only when asked.
    public let memory: Double?

    public init(drain: TimeSpan, hook: TimeSpan, ready: TimeSpan, memory: Double?) {
        self.drain = drain
        self.hook = hook
        self.ready = ready
        self.memory = memory
    }

    /// Of the lease: whatever becomes of the hook and of Bookend, the server is checked at its end and comes back.
    var lease: TimeSpan {
        let all = drain.nanoseconds + RecycleLimits.trial.nanoseconds + patience.nanoseconds + ready.nanoseconds
        return min(TimeSpan(nanoseconds: all), LeaseLimits.lengths.upperBound)
    }

    /// After which nothing is heard of a hook any more.
    var patience: TimeSpan { TimeSpan(nanoseconds: hook.nanoseconds + RecycleLimits.grace.nanoseconds) }
}

/// What clean-up hook a server had, and how it went.
public struct HookResult: Sendable, Equatable {
    public enum Ending: Sendable, Equatable {
        case code(Int32)
        case signal(Int32)
        /// Ended by Bookend or the agent, as it took too long.
        case timedOut
        /// Why it was not started, in words.
        case notStarted(String)
        /// Nothing was heard of it in its time.
        case silent
    }

    public let ending: Ending
    /// The end of what it wrote, standard error included.
    public let output: String

    public init(_ ending: Ending, output: String) {
        self.ending = ending
        self.output = output
    }

    public var isGood: Bool { ending == .code(0) }
}

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
