/// A request as it goes over the wire, written once and sent many times.
public struct RequestText: Equatable, Sendable {
    public let bytes: [UInt8]

    /// What the requests of a run have in common.
    public struct Shape: Sendable {
        public var method: String
        public var authority: String
        /// Name and value; in place of the generator's own `Host`, `User-Agent` and `Accept`.
        public var headers: [(name: String, value: String)]
        /// Nil for a request without `Content-Length`.
        public var body: [UInt8]?
        /// False asks the server to close after each answer.
        public var keepsConnection: Bool

        public init(
            method: String, authority: String, headers: [(name: String, value: String)], body: [UInt8]?,
            keepsConnection: Bool
        ) {
            self.method = method
            self.authority = authority
            self.headers = headers
            self.body = body
            self.keepsConnection = keepsConnection
        }
    }

    /// - Throws: `RequestProblem` for what would not be one well-formed HTTP/1.1 request.
    public init(_ shape: Shape, path: String) throws(RequestProblem) {
        guard Self.isToken(shape.method), shape.method != "CONNECT" else { throw .method(shape.method) }
        guard path.hasPrefix("/"), path.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else { throw .path(path) }
        var text = "\(shape.method) \(path) HTTP/1.1\r\n"
        let own = [("Host", shape.authority), ("User-Agent", "bookend-load"), ("Accept", "*/*")]
        for (name, value) in own where !shape.headers.contains(where: { $0.name.lowercased() == name.lowercased() }) {
            text += "\(name): \(value)\r\n"
        }
        for (name, value) in shape.headers {
            guard Self.isToken(name), value.utf8.allSatisfy({ $0 == 9 || $0 >= 0x20 && $0 != 0x7F }) else {
                throw .header("\(name): \(value)")
            }
            guard !["content-length", "transfer-encoding", "connection"].contains(name.lowercased()) else {
                throw .ownHeader(name)
            }
            text += "\(name): \(value)\r\n"
        }
        if !shape.keepsConnection { text += "Connection: close\r\n" }
        if let body = shape.body { text += "Content-Length: \(body.count)\r\n" }
        bytes = Array((text + "\r\n").utf8) + (shape.body ?? [])
    }

    /// RFC 9110, section 5.6.2.
    private static func isToken(_ text: String) -> Bool {
        let marks = Set("!#$%&'*+-.^_`|~".utf8)
        return !text.isEmpty
            && text.utf8.allSatisfy { byte in
                (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
                    || marks.contains(byte)
            }
    }
}

/// Why a request cannot be written.
public enum RequestProblem: Error, Equatable, CustomStringConvertible {
    case method(String), path(String), header(String), ownHeader(String), weight(String), weights

    public var description: String {
        switch self {
        case .method(let method): "'\(method)' is no method to send"
        case .path(let path): "'\(path)' is no path: it begins with / and has no white space"
        case .header(let header): "'\(header)' is no header: write 'Name: value'"
        case .ownHeader(let name): "\(name) is written by the generator: see --body and --new-connection"
        case .weight(let path): "'\(path)' has no valid weight: write 3:/path"
        case .weights:
            "there are at most \(LoadLimits.paths) paths, and their weights add up to at most \(LoadLimits.weights)"
        }
    }
}
