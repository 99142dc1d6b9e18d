/// Where the load goes: `http://host[:port][/path][?query]`, the host a name, an IPv4 address or an IPv6 address in
/// brackets.
public struct LoadURL: Equatable, Sendable, CustomStringConvertible {
    /// Without brackets.
    public let host: String
    public let port: UInt16
    /// Begins with `/`; with the query, without the fragment.
    public let path: String

    /// - Throws: `LoadURLProblem`, what is wrong in words for a person.
    public init(_ text: String) throws(LoadURLProblem) {
        guard text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else { throw .characters(text) }
        guard let scheme = text.firstRange(of: "://") else { throw .noScheme(text) }
        guard text[..<scheme.lowerBound].lowercased() == "http" else {
            throw .scheme(String(text[..<scheme.lowerBound]))
        }
        let rest = text[scheme.upperBound...].prefix { $0 != "#" }
        let authority = rest.prefix { $0 != "/" && $0 != "?" }
        let path = rest[authority.endIndex...]
        guard !authority.contains("@") else { throw .user }
        (host, port) = try Self.endpoint(authority)
        self.path = path.hasPrefix("/") ? String(path) : "/" + path
    }

    /// As the `Host` field says it.
    public var authority: String {
        let name = host.contains(":") ? "[\(host)]" : host
        return port == 80 ? name : "\(name):\(port)"
    }

    public var description: String { "http://\(authority)\(path)" }

    private static func endpoint(_ authority: Substring) throws(LoadURLProblem) -> (String, UInt16) {
        var host = authority.prefix { $0 != ":" }
        var rest = authority[host.endIndex...]
        if authority.hasPrefix("[") {
            guard let end = authority.firstIndex(of: "]") else { throw .host(String(authority)) }
            host = authority[authority.index(after: authority.startIndex)..<end]
            rest = authority[authority.index(after: end)...]
            guard host.contains(":"), host.allSatisfy({ $0.isHexDigit || $0 == ":" || $0 == "." }) else {
                throw .host(String(authority))
            }
        } else {
            guard host.allSatisfy({ $0.isLetter || $0.isNumber || "-._".contains($0) }) else {
                throw .host(String(host))
            }
        }
        guard !host.isEmpty else { throw .host(String(authority)) }
        if rest.isEmpty { return (String(host), 80) }
        guard rest.first == ":", let port = UInt16(rest.dropFirst()), port > 0 else { throw .port(String(rest)) }
        return (String(host), port)
    }
}

/// Why a URL cannot be used.
public enum LoadURLProblem: Error, Equatable, CustomStringConvertible {
    case noScheme(String), scheme(String), characters(String), host(String), port(String), user

    public var description: String {
        switch self {
        case .noScheme(let text): "'\(text)' has no scheme: write http://\(text)"
        case .scheme(let scheme): "'\(scheme)://' is not supported: only http:// URLs"
        case .characters(let text): "'\(text)' has white space or characters beyond ASCII: percent-encode them"
        case .host(let host): "'\(host)' is no host: write a name, an IPv4 address, or an IPv6 address in brackets"
        case .port(let port): "'\(port)' is no port: write a number from 1 to 65535 after the colon"
        case .user: "a URL with a user or a password is not supported: use --header 'Authorization: ...'"
        }
    }
}
