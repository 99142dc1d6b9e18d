public import BookendCore

/// Sends the requests that match to a pool.
public struct Route: Sendable, Equatable {
    /// `nil` matches every host.
    public let host: HostPattern?
    /// `nil` matches every path.
    public let path: PathPrefix?
    public let pool: PoolID
    /// How much its requests matter when not all can be served.
    public let priority: Priority

    /// The same for a pool whose number is another one.
    public func leading(to pool: PoolID) -> Route {
        Route(host: host, path: path, pool: pool, priority: priority)
    }

    /// True when every request that `other` matches is matched here too, so that behind this route it never gets one.
    func covers(_ other: Route) -> Bool {
        HostPattern.covers(host, other.host) && PathPrefix.covers(path, other.path)
    }
}

/// Which `Host` a route takes. ASCII, lower case, without a port: compare with the request's host in the same form.
public enum HostPattern: Sendable, Equatable {
    /// `bookty.example`
    case exact([UInt8])
    /// `*.bookty.example`: the suffix with its leading dot. It matches one label or more before the suffix, as in
    /// nginx; never the bare `bookty.example`.
    case anyUnder(suffix: [UInt8])

    static func covers(_ wide: HostPattern?, _ narrow: HostPattern?) -> Bool {
        switch (wide, narrow) {
        case (nil, _): true
        case (_, nil): false
        case (.exact(let left), .exact(let right)): left == right
        case (.exact, .anyUnder): false
        case (.anyUnder(let suffix), .exact(let name)):
            name.count > suffix.count && name.suffix(suffix.count).elementsEqual(suffix)
        case (.anyUnder(let left), .anyUnder(let right)):
            right.count >= left.count && right.suffix(left.count).elementsEqual(left)
        }
    }
}

/// The beginning of a request's path, compared byte by byte and by whole segments.
///
/// `/api` matches `/api` and `/api/books`, not `/apiary`. `/api/` matches `/api/` and `/api/books`, not `/api`.
public struct PathPrefix: Sendable, Equatable {
    /// Begins with `/`; visible ASCII without `?` and `#`.
    public let bytes: [UInt8]

    static func covers(_ wide: PathPrefix?, _ narrow: PathPrefix?) -> Bool {
        guard let wide = wide?.bytes else { return true }
        guard let narrow = narrow?.bytes else { return wide == [UInt8(ascii: "/")] }
        guard narrow.starts(with: wide) else { return false }
        return narrow.count == wide.count || wide.last == UInt8(ascii: "/") || narrow[wide.count] == UInt8(ascii: "/")
    }
}
