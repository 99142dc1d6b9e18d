/// Where the commands of `bookend` find the running one, and who else may ask.
public struct Admin: Sendable, Equatable {
    /// Path of a Unix socket, at most 107 bytes (`sun_path`, unix(7)).
    public let socket: String
    /// The same over TCP; nil when only the socket is wanted.
    public let network: Network?

    public struct Network: Sendable {
        /// Never a name; port 0 lets the system choose.
        public let bind: Endpoint
        /// Where `bind` was written, so that "port in use" can point there. Not part of equality: it changes no behaviour.
        public let bindPlace: Place
        /// Nil on a loopback address only: then whoever is on this machine may read, and nobody may change anything.
        public let tokenFile: TokenFile?
    }

    /// A file that holds what a command has to know.
    public struct TokenFile: Sendable {
        public let path: String
        /// Where it was written. Not part of equality.
        public let place: Place
    }
}

extension Admin.Network: Equatable {
    public static func == (left: Self, right: Self) -> Bool {
        (left.bind, left.tokenFile) == (right.bind, right.tokenFile)
    }
}

extension Admin.TokenFile: Equatable {
    public static func == (left: Self, right: Self) -> Bool { left.path == right.path }
}
