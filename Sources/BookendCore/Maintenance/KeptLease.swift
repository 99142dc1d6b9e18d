/// What is kept of a lease over restarts: the time that passes meanwhile counts. In spans, as the core knows no time of
/// day; whoever keeps it writes when it was taken and when it ends.
public struct KeptLease: Sendable, Equatable {
    public let server: ServerID
    public let owner: String
    public let why: String
    /// Since it was taken.
    public let age: TimeSpan
    /// Until it ends; zero when it is over, and the server is being checked.
    public let left: TimeSpan
    public let isForced: Bool
    public let mayRecall: Bool
    /// A step of a recycle: its hook may have run, or may still run.
    public let isRecycle: Bool

    /// - Parameters:
    ///   - age, left: whatever a clock that was set meanwhile makes of them: no lease gets longer than the longest.
    public init(
        server: ServerID, owner: String, why: String, age: TimeSpan, left: TimeSpan, isForced: Bool, mayRecall: Bool,
        isRecycle: Bool
    ) {
        let longest = LeaseLimits.lengths.upperBound
        self.server = server
        self.owner = owner
        self.why = why
        self.age = min(max(age, .zero), longest)
        self.left = min(max(left, .zero), TimeSpan(nanoseconds: longest.nanoseconds - self.age.nanoseconds))
        self.isForced = isForced
        self.mayRecall = mayRecall
        self.isRecycle = isRecycle
    }
}
