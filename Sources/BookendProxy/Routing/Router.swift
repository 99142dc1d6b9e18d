import BookendConfig
import BookendCore

/// Finds a request's pool: the first route whose host and path match.
enum Router {
    /// What a route says of its requests.
    struct Match {
        let pool: PoolID
        let priority: Priority
    }

    /// `host`: as received, without a port. `path`: without the query. Nil when no route matches.
    static func match(_ host: Span<UInt8>, _ path: Span<UInt8>, in routes: [Route]) -> Match? {
        for index in routes.indices
        where (routes[index].host?.matches(host) ?? true) && (routes[index].path?.matches(path) ?? true) {
            return Match(pool: routes[index].pool, priority: routes[index].priority)
        }
        return nil
    }
}

extension HostPattern {
    func matches(_ host: Span<UInt8>) -> Bool {
        switch self {
        case .exact(let name):
            host.count == name.count && host.endsIgnoringCase(with: name.span)
        case .anyUnder(let suffix):
            host.count > suffix.count && host.endsIgnoringCase(with: suffix.span)
        }
    }
}

extension PathPrefix {
    func matches(_ path: Span<UInt8>) -> Bool {
        guard path.count >= bytes.count else { return false }
        for index in bytes.indices where path[index] != bytes[index] { return false }
        return path.count == bytes.count || bytes.last == UInt8(ascii: "/") || path[bytes.count] == UInt8(ascii: "/")
    }
}

extension Span<UInt8> {
    /// `lowercase` holds no capital letters.
    fileprivate func endsIgnoringCase(with lowercase: Span<UInt8>) -> Bool {
        let start = count - lowercase.count
        guard start >= 0 else { return false }
        for index in lowercase.indices {
            let byte = self[start + index]
            let isCapital = byte >= UInt8(ascii: "A") && byte <= UInt8(ascii: "Z")
            if (isCapital ? byte | 0x20 : byte) != lowercase[index] { return false }
        }
        return true
    }
}
