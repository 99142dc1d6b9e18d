// A program beside a server may say, when it is asked, what the server is good for: HAProxy's agent-check (HAProxy's
// configuration manual, section 5.2). An answer changes what it names and leaves the rest, so that one agent may tell a
// weight only, and another one may be a switch with which somebody takes a server out.
//
// In one thing Bookend differs: HAProxy keeps the last answer of an agent that falls silent, so that a server whose agent
// dies after `drain` is out for good. Here an agent that cannot be reached for a minute has no say any more.

/// One answer of an agent: what it names.
public struct AgentAnswer: Sendable, Equatable {
    /// Of the configured weight, in percent.
    public var percent: Int?
    /// Requests in flight at most; 0 takes the bound back.
    public var cap: Int?
    public var administration: AgentAdvice.Administration?
    public var operation: AgentAdvice.Operation?

    public init() {}
}

/// What an agent has said until now.
public struct AgentAdvice: Sendable, Equatable {
    /// What somebody wants of the server.
    public enum Administration: String, Sendable {
        case ready, drain, maint
    }

    /// How the server is.
    public enum Operation: String, Sendable {
        case up, down, fail, stopped
    }

    public private(set) var percent = 100
    /// Nil without a bound.
    public private(set) var cap: Int?
    public private(set) var administration = Administration.ready
    public private(set) var operation = Operation.up

    public static let none = AgentAdvice()

    /// It is to get nothing new.
    public var isOut: Bool { administration != .ready || operation != .up || percent == 0 }

    /// The words that say so, as agents write them; nil when it may serve.
    public var reason: String? {
        if administration != .ready { return administration.rawValue }
        if operation != .up { return operation.rawValue }
        return percent == 0 ? "0%" : nil
    }

    mutating func take(_ answer: AgentAnswer) {
        if let percent = answer.percent { self.percent = min(max(0, percent), Self.largestPercent) }
        if let cap = answer.cap { self.cap = cap > 0 ? cap : nil }
        if let administration = answer.administration { self.administration = administration }
        if let operation = answer.operation { self.operation = operation }
    }

    /// More than all is allowed, and no more than weights can tell apart.
    private static let largestPercent = 25_600
}
