public import BookendConfig
public import BookendCore
import BookendLoop

/// A changed configuration on its way to a worker.
public struct WorkerChange: Sendable {
    /// Where the listeners of the new configuration come from.
    public enum Source: Sendable {
        /// The listener of the configuration before, by its place there.
        case kept(Int)
        /// This worker's own socket, which it owns from now on.
        case socket(Int32)
    }

    public let plan: Plan
    /// By which to pick from now on.
    public let standings: [Standing]
    /// One for each listener, in the order of the configuration.
    public let listeners: [Source]
    /// Nil: lines go where they went before, if at all. Nil inside: there is no log any more.
    public let log: AccessLogOutput??

    public init(plan: Plan, standings: [Standing], listeners: [Source], log: AccessLogOutput??) {
        self.plan = plan
        self.standings = standings
        self.listeners = listeners
        self.log = log
    }
}

/// Where lines of the access log go, and what they look like.
public struct AccessLogOutput: Sendable {
    public let writer: LogWriter
    public let format: AccessLog.Format

    public init(_ writer: LogWriter, _ format: AccessLog.Format) {
        self.writer = writer
        self.format = format
    }
}
