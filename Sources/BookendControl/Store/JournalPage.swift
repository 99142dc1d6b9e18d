/// Which entries of the journal are wanted.
public struct JournalQuery: Codable, Sendable {
    public let since: WallTime
    /// Only entries with a larger id.
    public let after: Int64
    public let limit: Int

    public init(since: WallTime, after: Int64, limit: Int) {
        self.since = since
        self.after = after
        self.limit = limit
    }
}

/// What `GET /v1/journal` answers: entries in order, the oldest first.
public struct JournalPage: Codable, Sendable {
    public let entries: [JournalEntry]
    /// There are more: ask for those after the last one.
    public let more: Bool
}
