/// A recycle as the admin API gives it.
public struct RecycleReport: Codable, Sendable {
    public let server: String
    public let pool: String
    /// waiting, draining, hook, verifying, overdue, slow-start or over.
    public let phase: String
    /// In this phase.
    public let seconds: Double
    public let askedSeconds: Double
    /// turn, leased, guard or needed; null of one that does not wait.
    public let waitsFor: String?
    /// asked or memory.
    public let cause: String
    /// Who asked for it; `bookend` for memory.
    public let owner: String
    public let why: String
    /// done, called-off, stopped, not-drained, hook-failed, no-help, not-needed or not-configured; null before it is over.
    public let outcome: String?
    /// All of that as a sentence without the server's name.
    public let text: String
    /// How its hook ended, as words; null before.
    public let hook: String?
    /// The end of what the hook wrote, 64 KiB at most; null before.
    public let output: String?
    /// What the N-1 guard computed, of one that it keeps waiting.
    public let `guard`: GuardReport?

    public var isOver: Bool { phase == "over" }
}

/// What `POST` and `DELETE …/recycle` take; `DELETE` needs no reason.
public struct RecycleOrder: Codable, Sendable {
    public let why: String?
    public let by: String?

    public init(why: String?, by: String?) {
        self.why = why
        self.by = by
    }
}
