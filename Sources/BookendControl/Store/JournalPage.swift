/// What `GET /v1/journal` answers: entries in order, the oldest first.
public struct JournalPage: Codable, Sendable {
    public let entries: [Event]
    /// There are more: ask for those after the last one.
    public let more: Bool
}
