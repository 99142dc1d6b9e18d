/// An alert as a message of syslog (RFC 5424, section 6).
struct SyslogLine {
    /// What is the same for all.
    struct Facts: Sendable {
        let host: String
        let process: Int32
    }

    let bytes: [UInt8]

    /// daemon (section 6.2.1, table 1)
    private static let facility = 3

    init(_ alert: Alert, _ facts: Facts) {
        let priority = Self.facility * 8 + Self.severity(alert)
        let host = Self.name(facts.host, most: 255)
        let kind = Self.name(alert.kind, most: 32)
        // No structured data: whoever reads logs at night reads the text.
        let text = "\(alert.line) (\(alert.status.rawValue) \(alert.key), id \(alert.id))"
        bytes = Array("<\(priority)>1 \(alert.at) \(host) bookend \(facts.process) \(kind) - \(text)".utf8)
    }

    /// Section 6.2.1, table 2.
    private static func severity(_ alert: Alert) -> Int {
        switch alert.status {
        // alert: action must be taken immediately; or warning
        case .open: alert.isPage ? 1 : 4
        // notice
        case .closed, .test: 5
        }
    }

    /// Visible ASCII of a bounded length, `-` when there is none (section 6).
    private static func name(_ text: String, most: Int) -> String {
        let plain = text.unicodeScalars.filter { ("!"..."~").contains($0) }.prefix(most)
        return plain.isEmpty ? "-" : String(String.UnicodeScalarView(plain))
    }
}
