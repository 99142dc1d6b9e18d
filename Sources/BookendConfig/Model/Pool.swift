public import BookendCore

/// Servers that can do the same work.
public struct Pool: Sendable, Equatable {
    /// Unique in the configuration; letters, digits, `.`, `_` and `-`, at most 64.
    public let name: String
    public let balance: BalanceName
    /// In the order of the file; at least one that is no backup. Names and addresses are unique in the pool.
    public let servers: [Server]
    public let retries: Retries
    public let timeouts: Timeouts

    public struct Retries: Sendable, Equatable {
        public let methods: RetryMethods
        /// Attempts in all, the first one included, each on another server; 1 to 10. Refused connections do not count.
        public let tries: Int
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

/// How a pool spreads its requests; the raw value is what the file says after `balance:`.
public enum BalanceName: String, Sendable, CaseIterable {
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
}
