/// What `GET /v1/journal` answers: entries in order, the oldest first.
public struct JournalPage: Codable, Sendable {
    public let entries: [Event]
    /// The id of the oldest that is kept; null while there is none.
    public let oldest: Int64?
    /// There are more: ask for those after the last one.
    public let more: Bool
}
