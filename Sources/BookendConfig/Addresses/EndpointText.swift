extension Endpoint {
    enum Use {
        case bind
        case server

        var what: String { self == .bind ? "a listener" : "a server" }
    }

    /// `127.0.0.1:9001`, `[::1]:9001`; to bind also `:8080`, for a server also `web-01.example:9001`.
    static func parse(_ text: String, for use: Use) -> Result<Endpoint, AddressProblem> {
        do throws(AddressProblem) {
            try refuseForeign(text)
            let (host, port) = try split(text, for: use)
            return .success(Endpoint(host: try self.host(host, port, for: use), port: try self.port(port, for: use)))
        } catch {
            return .failure(error)
        }
    }

    /// A server's, with the port that is usual when none is given.
    static func parse(_ text: some StringProtocol, port: UInt16) -> Result<Endpoint, AddressProblem> {
        let hasPort = text.contains(text.hasPrefix("[") ? "]:" : ":")
        return parse(hasPort ? String(text) : "\(text):\(port)", for: .server)
    }

    /// Forms that other programs take.
    private static func refuseForeign(_ text: String) throws(AddressProblem) {
        if text.hasPrefix("unix:") || text.hasPrefix("/") || text.hasPrefix("./") {
            throw AddressProblem(reason: "Unix sockets are not known here")
        }
        if text.hasPrefix("https://") {
            throw AddressProblem(
                reason: "TLS is not known to this version",
                advice: "Bookend speaks plain HTTP/1.1. Give host and port only.")
        }
        if let scheme = text.firstRange(of: "://") {
            let rest = text[scheme.upperBound...].prefix { $0 != "/" }
            throw AddressProblem(reason: "it is a URL", meant: rest.contains(":") ? String(rest) : "\(rest):80")
        }
        if let slash = text.firstIndex(of: "/") {
            throw AddressProblem(reason: "it holds a path", meant: String(text[..<slash]))
        }
        if text.contains(where: \.isWhitespace) {
            throw AddressProblem(reason: "it holds a space")
        }
    }

    /// Host and port as they are written; an IPv6 host without its brackets is preceded by nothing else.
    private static func split(_ text: String, for use: Use) throws(AddressProblem) -> (host: Substring, port: Substring)
    {
        if text.hasPrefix("[") {
            guard let end = text.firstIndex(of: "]") else { throw AddressProblem(reason: "its `[` is not closed") }
            let rest = text[end...].dropFirst()
            guard rest.first == ":" else { throw noPort(text, use) }
            return (text[...end], rest.dropFirst())
        }
        guard let colon = text.lastIndex(of: ":") else {
            if use == .bind, UInt16(text) != nil {
                throw AddressProblem(reason: "it is only a port", meant: ":\(text)", advice: Self.anyAdvice)
            }
            throw noPort(text, use)
        }
        let host = text[..<colon]
        let port = text[colon...].dropFirst()
        if host.contains(":") {
            let isWhole = IPv6Address(text: text) != nil
            let isHost = IPv6Address(text: host) != nil && !port.isEmpty
            guard isWhole || isHost else { throw AddressProblem(reason: "it has too many `:`") }
            throw AddressProblem(
                reason: "IPv6 needs brackets, so that the port can be told apart",
                meant: isHost ? "[\(host)]:\(port)" : "[\(text)]:\(use.port)")
        }
        return (host, port)
    }

    private static let anyAdvice = "`:8080` takes requests on every interface, `127.0.0.1:8080` only from this machine."

    private static func noPort(_ text: String, _ use: Use) -> AddressProblem {
        AddressProblem(reason: "the port is missing", meant: "\(text):\(use.port)")
    }

    private static func host(_ text: Substring, _ port: Substring, for use: Use) throws(AddressProblem) -> Host {
        if text.isEmpty || text == "*" {
            guard use == .bind else {
                throw AddressProblem(reason: "the host is missing", meant: "127.0.0.1:\(port)")
            }
            guard text.isEmpty else { throw AddressProblem(reason: "`*` is no host", meant: ":\(port)") }
            return .any
        }
        if text.hasPrefix("[") {
            let inner = text.dropFirst().dropLast()
            if inner.contains("%") { throw AddressProblem(reason: "IPv6 zones (`%`) are not known") }
            guard let address = IPv6Address(text: inner) else {
                throw AddressProblem(reason: "`\(inner)` is no IPv6 address")
            }
            if use == .server, address == IPv6Address(high: 0, low: 0) {
                throw AddressProblem(reason: "`[::]` is only for listening", meant: "[::1]:\(port)")
            }
            return .ipv6(address)
        }
        if let address = IPv4Address(text: text) {
            if use == .server, address.bits == 0 {
                throw AddressProblem(reason: "`0.0.0.0` is only for listening", meant: "127.0.0.1:\(port)")
            }
            return .ipv4(address)
        }
        let name = try HostName.checked(text)
        guard use == .server else {
            let meant = name == "localhost" ? "127.0.0.1:\(port)" : nil
            throw AddressProblem(
                reason: "a listener needs an IP address, not a name", meant: meant, advice: anyAdvice)
        }
        return .name(name)
    }

    private static func port(_ text: Substring, for use: Use) throws(AddressProblem) -> UInt16 {
        guard !text.isEmpty else { throw AddressProblem(reason: "the port is missing behind the `:`") }
        guard let value = Int(digits: text) else {
            throw AddressProblem(reason: "the port `\(text)` is not a number")
        }
        guard let port = UInt16(exactly: value) else {
            throw AddressProblem(reason: "the port \(text) is too large", advice: "The largest port is 65535.")
        }
        guard port != 0 || use == .bind else {
            throw AddressProblem(
                reason: "port 0 is only for listening",
                advice: "There the system chooses a port. A server has a fixed one.")
        }
        return port
    }
}

extension Endpoint.Use {
    /// For suggestions.
    fileprivate var port: Int { self == .bind ? 8080 : 80 }
}
