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
