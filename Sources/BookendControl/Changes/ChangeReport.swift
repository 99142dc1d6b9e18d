/// What a change of the configuration came to, as the admin API gives it.
public struct ChangeReport: Codable, Sendable {
    /// A line for each thing that is another from now on; empty when nothing has changed.
    public let changed: [String]
    /// What was changed while Bookend ran, and the file does not say: it is still in force.
    public let differs: [String]
    /// What was changed while Bookend ran, and is in force no more, as the file says something else about it now.
    public let forgotten: [String]
}

/// What the removal of a server came to.
public struct RemovalReport: Codable, Sendable {
    public let server: String
    public let pool: String
    /// It is gone already; otherwise it gets nothing new and goes when nothing is in flight there.
    public let removed: Bool
    /// By which it is out until then; null when it is gone.
    public let lease: LeaseReport?
}

/// What `POST /v1/servers` takes.
public struct ServerOrder: Codable, Sendable {
    public let pool: String?
    public let name: String?
    public let address: String?
    public let backup: Bool?
    public let weight: Int?
    public let by: String?

    public init(pool: String?, name: String?, address: String?, backup: Bool?, weight: Int?, by: String?) {
        self.pool = pool
        self.name = name
        self.address = address
        self.backup = backup
        self.weight = weight
        self.by = by
    }
}

/// What `PATCH /v1/servers/NAME` takes.
public struct WeightOrder: Codable, Sendable {
    public let weight: Int?
    public let by: String?

    public init(weight: Int?, by: String?) {
        self.weight = weight
        self.by = by
    }
}

/// What `DELETE /v1/servers/NAME` takes.
public struct RemovalOrder: Codable, Sendable {
    public let why: String?
    public let by: String?
    public let force: Bool?

    public init(why: String?, by: String?, force: Bool?) {
        self.why = why
        self.by = by
        self.force = force
    }
}
