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
