public import BookendCore

/// Who is told when something goes wrong, and when it is over.
public struct AlertTarget: Sendable, Equatable {
    /// As `bookend status` and `bookend alert test` call it; no other target has it.
    public let name: String
    public let way: Way
    /// What a webhook or a command gets.
    public let format: Format
    /// What is less does not concern it.
    public let severity: Severity
    /// For one try.
    public let timeout: TimeSpan

    public enum Way: Sendable, Equatable {
        case webhook(Webhook)
        /// A program, by its path, and its arguments. No shell.
        case exec([String])
        case syslog(Syslog)
    }

    /// A POST of HTTP/1.1.
    public struct Webhook: Sendable, Equatable {
        public let server: Endpoint
        /// Path and query, as a request has them (RFC 9112, section 3.2.1).
        public let target: String
        /// What it is signed with; nil when it is not.
        public let secretFile: Admin.TokenFile?
    }

    /// RFC 5424.
    public enum Syslog: Sendable, Equatable {
        /// A Unix socket for datagrams, at most 107 bytes.
        case socket(path: String)
        /// UDP (RFC 5426).
        case network(Endpoint)
    }

    public enum Format: String, Sendable, CaseIterable {
        /// The document of docs/operations/alerts.md.
        case json
        /// `{"text": …}`, as chats take it.
        case chat
        /// One line.
        case text
    }

    public enum Severity: String, Sendable, CaseIterable {
        /// For whoever looks.
        case warning
        /// Somebody has to be woken.
        case page
    }
}

extension AlertTarget.Way: CustomStringConvertible {
    /// Without the path of a webhook: with chats it is the password.
    public var description: String {
        switch self {
        case .webhook(let webhook): "webhook \(webhook.server)"
        case .exec(let command): "exec \(command[0])"
        case .syslog(.socket(let path)): "syslog \(path)"
        case .syslog(.network(let server)): "syslog \(server)"
        }
    }
}
