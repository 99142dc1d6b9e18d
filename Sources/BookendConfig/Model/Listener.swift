public import BookendCore

/// An address at which requests arrive, what is accepted there, and where it goes.
public struct Listener: Sendable {
    /// Never a name; port 0 lets the system choose.
    public let bind: Endpoint
    /// Where `bind` was written, so that "port in use" can point there. Not part of equality: it changes no behaviour.
    public let bindPlace: Place
    /// Peers whose `X-Forwarded-*` and `Forwarded` are believed; empty means nobody's.
    public let trustedProxies: [AddressBlock]
    public let timeouts: Timeouts
    public let limits: Limits
    /// First match wins; at least one. A request that matches none is answered with 404.
    public let routes: [Route]

    public struct Timeouts: Sendable, Equatable {
        /// From the first byte of a request to the end of its head.
        public let head: TimeSpan
        /// Between two requests on one connection.
        public let idle: TimeSpan
        /// Between two reads of a request's body.
        public let body: TimeSpan
    }

    public struct Limits: Sendable, Equatable {
        /// Request line and header fields together; 1 KiB to 64 KiB.
        public let head: ByteCount
        /// Number of header fields; 1 to 1,000.
        public let fields: Int
        /// Length of a request's body; 0 B refuses every body.
        public let body: ByteCount
        /// Open connections from one client address.
        public let connectionsPerClient: Int
    }
}

extension Listener: Equatable {
    public static func == (left: Listener, right: Listener) -> Bool {
        (left.bind, left.trustedProxies, left.timeouts, left.limits, left.routes)
            == (right.bind, right.trustedProxies, right.timeouts, right.limits, right.routes)
    }
}
