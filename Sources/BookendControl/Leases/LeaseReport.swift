/// A lease as the admin API gives it.
public struct LeaseReport: Codable, Sendable {
    public let server: String
    public let pool: String
    /// asked, draining, out, verifying, overdue, slow-start or back.
    public let state: String
    public let owner: String
    public let why: String
    public let ageSeconds: Double
    /// Zero when the time is up, or the server is on its way back.
    public let leftSeconds: Double
    /// RFC 3339, UTC.
    public let endsAt: String
    /// Taken although the guard did not pass.
    public let forced: Bool
    /// It may be called back before its end.
    public let recall: Bool
    /// On this server, now.
    public let inFlight: Int
    /// What its checks say: starting, healthy, suspect, dead or returning; since when and why.
    public let health: String
    public let healthSeconds: Double
    public let healthWhy: String
    /// Of its pool; a trial's requests are taken away in this time.
    public let trialSeconds: Double
    public let slowStartSeconds: Double
    /// Why it is over; null before.
    public let ending: String?
    /// What is to be known of it after a restart is on disk. False while the disk takes nothing: it holds all the same.
    public let kept: Bool
    /// What the guard computed when the drain began; null of a lease from before a restart.
    public let `guard`: GuardReport?

    /// It is no more, or the server is in rotation again.
    public var isOver: Bool { state == "back" || state == "slow-start" }
}

/// What the N-1 guard computed.
public struct GuardReport: Codable, Sendable {
    public struct Part: Codable, Sendable {
        public let server: String
        /// Requests in flight.
        public let holds: Int
        /// It never had more, so it perhaps holds more.
        public let atLeast: Bool
    }

    public struct Absent: Codable, Sendable {
        public let server: String
        /// leased, starting, suspect or dead.
        public let reason: String
    }

    /// passes, trial or refused.
    public let verdict: String
    /// The leaving server was in rotation.
    public let serving: Bool
    /// Those that were counted, and those that were not.
    public let rest: [Part]
    public let absent: [Absent]
    /// 85 % of what the rest holds.
    public let holds: Double
    /// In the whole pool: a mean over the last second, and what 95 of 100 seconds of the last `known` ones did not exceed.
    public let inFlight: Double
    public let usual: Double
    public let knownSeconds: Double
    /// When it would pass if the load stays as it is; null when that is too much already.
    public let passesInSeconds: Double?
}

extension LeaseOrder {
    /// `LeaseLimits.lengths` as configuration writes a length: 1 s to 24 h.
    static let lengthPattern = [
        "([1-9][0-9]{3,6}|[1-7][0-9]{7}|8[0-5][0-9]{6}|86[0-3][0-9]{5}|86400000)ms",
        "([1-9][0-9]{0,3}|[1-7][0-9]{4}|8[0-5][0-9]{3}|86[0-3][0-9]{2}|86400)s",
        "([1-9][0-9]{0,2}|1[0-3][0-9]{2}|14[0-3][0-9]|1440)m", "([1-9]|1[0-9]|2[0-4])h",
    ].joined(separator: "|")
}

/// What `POST`, `PATCH` and `DELETE /v1/servers/NAME/lease` take; `Schemas` says which of it they need.
public struct LeaseOrder: Codable, Sendable {
    /// A length of time, as configuration writes it: `30m`.
    public let `for`: String?
    public let why: String?
    public let by: String?
    public let force: Bool?
    public let recall: Bool?

    public init(for length: String?, why: String?, by: String?, force: Bool?, recall: Bool?) {
        self.for = length
        self.why = why
        self.by = by
        self.force = force
        self.recall = recall
    }
}
