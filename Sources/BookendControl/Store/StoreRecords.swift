/// What is remembered of a server: a Bookend that restarts sends no requests to the dead, and not as many to a server as
/// killed it.
package struct ServerRecord: Codable, Sendable, Equatable {
    package struct Death: Codable, Sendable, Equatable {
        /// Requests, when it died last.
        package let inFlight: Int
        package let times: Int
        /// What it may have since.
        package let ceiling: Double
        package let time: WallTime
    }

    package let pool: String
    package let server: String
    package let state: String
    /// Requests in flight that it was known to hold.
    package let cap: Int?
    package let death: Death?

    package init(pool: String, server: String, state: String, cap: Int?, death: Death?) {
        self.pool = pool
        self.server = server
        self.state = state
        self.cap = cap
        self.death = death
    }

    var key: String { StoreKey.of(server: server, pool: pool) }
}

/// A server is out of rotation: for whom, why and until when. Its time runs on while Bookend is down, so its end is a
/// time of day.
package struct LeaseRecord: Codable, Sendable, Equatable {
    package let pool: String
    package let server: String
    package let owner: String
    package let why: String
    package let takenAt: WallTime
    package let endsAt: WallTime
    /// Taken against the guard.
    package let isForced: Bool
    /// May be called back early.
    package let allowsRecall: Bool
    /// A step of a recycle.
    package let isRecycle: Bool

    package init(
        pool: String, server: String, owner: String, why: String, takenAt: WallTime, endsAt: WallTime, isForced: Bool,
        allowsRecall: Bool, isRecycle: Bool
    ) {
        self.pool = pool
        self.server = server
        self.owner = owner
        self.why = why
        self.takenAt = takenAt
        self.endsAt = endsAt
        self.isForced = isForced
        self.allowsRecall = allowsRecall
        self.isRecycle = isRecycle
    }

    var key: String { StoreKey.of(server: server, pool: pool) }
}

/// By which servers are told apart over restarts, whatever their order in the configuration.
enum StoreKey {
    static func of(server: String, pool: String) -> String { "\(pool)/\(server)" }
}
