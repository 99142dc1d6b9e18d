public import BookendCore

/// Servers that can do the same work.
public struct Pool: Sendable, Equatable {
    /// Unique in the configuration; letters, digits, `.`, `_` and `-`, at most 64.
    public let name: String
    public let balance: BalanceName
    /// In the order of the file; at least one that is no backup. Names and addresses are unique in the pool.
    public let servers: [Server]
    /// Nil when only traffic tells.
    public let health: Health?
    public let retries: Retries
    public let timeouts: Timeouts
    /// How long a server that was dead takes to its full share.
    public let slowStart: TimeSpan
    /// An idle backup gets one idempotent request in so many of the pool's; 0 for none.
    public let exerciseBackups: Int
    public let admission: Admission

    /// How many requests the servers get, and what becomes of the others.
    public struct Admission: Sendable, Equatable {
        /// Whether it is learned from the traffic how many a server can work on.
        public let limiter: Limiter
        /// Requests that may wait for a place, in each worker; nil: as many as `memory:` pays for.
        public let queue: Int?
        /// How long a request waits for a place at most. In overload it is much less.
        public let deadline: TimeSpan
        /// The field in which a trusted proxy says how much a request matters, in lower case; nil without one.
        public let priorityHeader: String?
    }

    /// How servers are probed.
    public struct Health: Sendable, Equatable {
        /// What is asked for by GET; nil when a connection that is taken is enough.
        public let path: String?
        public let every: TimeSpan
        public let timeout: TimeSpan
        /// The statuses that a healthy server answers with.
        public let expect: ClosedRange<Int>
        /// A field that the answer has to hold, `Name` or `Name: value`.
        public let expectHeader: String?
        /// A text that the first 16 KiB of the answer's body have to hold.
        public let expectBody: String?
    }

    public struct Retries: Sendable, Equatable {
        public let methods: RetryMethods
        /// Attempts in all, the first one included, each on another server; 1 to 10. Refused connections do not count.
        public let tries: Int
        /// Of the requests, so many percent may be sent a second time; 0 to 100.
        public let budgetPercent: Int
    }

    public struct Timeouts: Sendable, Equatable {
        /// To open a connection to a server.
        public let connect: TimeSpan
        /// From the request's last byte to the response's first.
        public let response: TimeSpan
        /// How long an unused connection to a server is kept.
        public let idle: TimeSpan
    }
}

/// Which requests may be sent to a second server after the first one failed.
public enum RetryMethods: String, Sendable, CaseIterable {
    /// The idempotent methods of RFC 9110, section 9.2.2, and any request of which no byte was sent.
    case idempotent
    case none
}

/// What limits the requests that a server gets, beside its own `max-in-flight`.
public enum Limiter: String, Sendable, CaseIterable {
    /// What is learned from the traffic.
    case auto
    case off
}

/// How a pool spreads its requests; the raw value is what the file says after `balance:`.
public enum BalanceName: String, Sendable, CaseIterable {
    case headroom
    case roundRobin = "round-robin"
    case leastRequests = "least-requests"
    case p2c
    case random
    case first
}

/// One address that answers requests.
public struct Server: Sendable, Equatable {
    /// Unique in its pool; letters, digits, `.`, `_` and `-`, at most 64.
    public let name: String
    /// Port 1 to 65,535.
    public let address: Endpoint
    /// Share of the load relative to its pool; 1 to 256.
    public let weight: Int
    /// Serves only what the others cannot hold.
    public let isBackup: Bool
    /// Requests in flight at most; nil: as many as is learned.
    public let maxInFlight: Int?
    /// Nil when it has no agent that is asked.
    public let agent: AgentCheck?
    /// Nil when it has no clean-up hook.
    public let recycling: Recycling?
}

/// How a server is cleaned up when it is recycled: drained, cleaned up, checked and brought back.
public struct Recycling: Sendable, Equatable {
    public enum Hook: Sendable, Equatable {
        /// A program and its arguments, run beside Bookend without a shell.
        case command([String])
        /// What the server's agent was told to run (`bookend agent --recycle`).
        case agent
    }

    public let hook: Hook
    /// How long the hook may take before it is ended.
    public let timeout: TimeSpan
    /// How long what is in flight may take to end; beyond, the recycle is given up.
    public let drain: TimeSpan
    /// How long the server may take after the hook until it answers its checks.
    public let ready: TimeSpan
    /// Recycled unasked when so many percent of its memory are in use, or it is about to run out; nil: only when asked.
    public let memoryPercent: Int?
}

/// A program beside a server that says, when it is asked, how the server is: HAProxy's `agent-check`.
public struct AgentCheck: Sendable, Equatable {
    public let address: Endpoint
    /// From one question to the next; an answer that takes longer is none.
    public let every: TimeSpan
}
