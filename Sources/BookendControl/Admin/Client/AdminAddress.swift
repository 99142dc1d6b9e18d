import BookendLoop

/// Where a running Bookend can be asked.
public enum AdminAddress: Sendable, Equatable {
    /// A Unix socket's path.
    case socket(String)
    /// A name or an address, IPv6 without its brackets.
    case network(host: String, port: UInt16)

    /// What is wrong with an address, in words for a person.
    public struct Problem: Error, CustomStringConvertible {
        public let description: String
    }

    /// `http://HOST:PORT`, `HOST:PORT`, or a path.
    public init(_ text: String) throws(Problem) {
        if text.hasPrefix("https://") {
            throw Problem(
                description: "\(text): TLS is not known to this version; use http:// on a network of your own")
        }
        let isURL = text.hasPrefix("http://")
        var place = isURL ? text.dropFirst(7) : text[...]
        if isURL, place.hasSuffix("/") { place = place.dropLast() }
        guard let colon = place.lastIndex(of: ":"), !place.contains("/"),
            let port = UInt16(place[colon...].dropFirst()),
            port > 0, colon > place.startIndex
        else {
            guard !isURL else { throw Problem(description: "\(text) is not http://HOST:PORT") }
            self = .socket(text)
            return
        }
        var host = place[..<colon]
        if host.hasPrefix("["), host.hasSuffix("]") { host = host.dropFirst().dropLast() }
        self = .network(host: String(host), port: port)
    }

    /// What `Host` says.
    var authority: String {
        switch self {
        case .socket: "bookend"
        case .network(let host, let port): (host.contains(":") ? "[\(host)]" : host) + ":\(port)"
        }
    }

    /// The same with the address that its name has now.
    public func pinned() throws(AdminClient.Unreachable) -> AdminAddress {
        guard case .network(_, let port) = self else { return self }
        return .network(host: "\(try resolved().host)", port: port)
    }

    func resolved() throws(AdminClient.Unreachable) -> SocketAddress {
        switch self {
        case .socket(let path):
            guard let address = SocketAddress(unixPath: path) else {
                throw AdminClient.Unreachable(description: "the path \(path) is too long for a Unix socket")
            }
            return address
        case .network(let host, let port):
            do {
                return try SocketAddress.resolve(host: host, port: port).get()
            } catch {
                throw AdminClient.Unreachable(description: "\(error)")
            }
        }
    }
}

extension AdminAddress: CustomStringConvertible {
    public var description: String {
        switch self {
        case .socket(let path): path
        case .network: "http://\(authority)"
        }
    }
}
