/// What a target is told: something is wrong, or is over.
struct Alert: Encodable, Equatable, Sendable {
    enum Status: String, Encodable {
        case open, closed
        /// `bookend alert test`
        case test
    }

    /// The number of the event that it tells; the same at every try, so that a receiver can drop what it has already.
    let id: String
    /// RFC 3339, in UTC.
    let at: String
    let status: Status
    /// warning or page.
    let severity: String
    /// What is open and closed, the same for both: `no-spare/bookty`, `server-dead/bookty/web-02`, `state`.
    let key: String
    /// The first part of `key`: an alarm's kind, server-dead, panic or shedding.
    let kind: String
    var pool: String?
    var server: String?
    /// For people, as the log has it.
    let text: String
    /// The machine on which Bookend runs.
    let host: String
    /// Alerts that this target was not told before this one: too many came at once, or they were over before it took them.
    var omitted = 0

    var isPage: Bool { severity == "page" }

    /// `text` with what a reader of one line has to know.
    var line: String {
        let mark =
            switch status {
            case .open: isPage ? "ALARM" : "warning"
            case .closed: "over"
            case .test: "test"
            }
        let missing = omitted == 0 ? "" : " (\(omitted) earlier alerts were left out)"
        // A server's name alone may be in several pools.
        let place = server == nil ? "" : pool.map { "pool \($0), " } ?? ""
        return "\(mark): \(text)\(missing) [\(place)bookend on \(host)]"
    }
}
