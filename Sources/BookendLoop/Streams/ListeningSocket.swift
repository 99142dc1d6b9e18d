import CLinux
import Glibc

/// Sockets that wait for connections.
public enum ListeningSocket {
    /// Connections that the kernel holds until they are accepted; the kernel lowers it to net.core.somaxconn.
    static let backlog: Int32 = 4_096

    /// `count` sockets on one address, among which the kernel spreads the connections (SO_REUSEPORT), one per loop.
    /// All have the port of the first, so port 0 gives one port.
    ///
    /// The unspecified IPv6 address takes IPv4 too, as most servers do, where the machine has IPv6; where not, IPv4 alone.
    ///
    /// SO_REUSEPORT would silently share the port with another process of this user, so a port that is given is tried without
    /// first; one that the system chooses is nobody's.
    ///
    /// - Parameter mayOverlap: a socket of our own has the port, on another address: nobody else's can be told from it.
    public static func group(
        _ address: SocketAddress, count: Int, besideOwn mayOverlap: Bool = false
    ) throws(Errno) -> [Int32] {
        var address =
            address.isUnspecified && !hasIPv6 ? SocketAddress(ipv4: (0, 0, 0, 0), port: address.port) : address
        if address.port != 0, !mayOverlap { try listen(try bound(to: address, sharing: false)) }
        var sockets: [Int32] = []
        for _ in 0..<count {
            do {
                let socket = try bound(to: address, sharing: true)
                try listen(socket)
                if address.port == 0 { address = local(socket) }
                sockets.append(socket.release())
            } catch {
                for socket in sockets { _ = FileDescriptor(owning: socket) }
                throw error
            }
        }
        return sockets
    }

    /// A Unix socket at `path`, for its owner only. What a dead process left there is replaced; a living socket, and
    /// whatever is not a socket, is not: `addressInUse`.
    public static func unix(_ path: String) throws(Errno) -> FileDescriptor {
        guard let address = SocketAddress(unixPath: path) else { throw Errno(ENAMETOOLONG) }
        if isAbandoned(path, address) { unlink(path) }
        let socket = try bound(to: address, sharing: false)
        // Nobody can connect before it listens. The umask would be changed for the other threads too.
        guard chmod(path, 0o600) == 0 else { throw .last }
        try listen(socket)
        return socket
    }

    /// The address that a socket is bound to, with its port.
    public static func local(_ socket: borrowing FileDescriptor) -> SocketAddress {
        local(socket.raw)
    }

    /// The same for a socket that somebody else owns.
    public static func local(_ raw: Int32) -> SocketAddress {
        var address = SocketAddress()
        _ = address.receive { getsockname(raw, $0, $1) }
        return address
    }

    private static func bound(to address: SocketAddress, sharing: Bool) throws(Errno) -> FileDescriptor {
        let raw = clinux_stream_socket(address.family)
        guard raw >= 0 else { throw .last }
        let socket = FileDescriptor(owning: raw)
        socket.set(SOL_SOCKET, SO_REUSEADDR)
        if sharing { socket.set(SOL_SOCKET, SO_REUSEPORT) }
        // Inherited by every accepted connection: one system call for all of them.
        if address.family != AF_UNIX { socket.set(Int32(IPPROTO_TCP), TCP_NODELAY) }
        if address.family == AF_INET6, !address.isUnspecified { socket.set(Int32(IPPROTO_IPV6), IPV6_V6ONLY) }
        if let error = address.bind(raw) { throw error }
        return socket
    }

    private static var hasIPv6: Bool {
        let raw = clinux_stream_socket(AF_INET6)
        guard raw >= 0 else { return false }
        _ = FileDescriptor(owning: raw)
        return true
    }

    private static func listen(_ socket: borrowing FileDescriptor) throws(Errno) {
        guard Glibc.listen(socket.raw, backlog) == 0 else { throw .last }
    }

    /// Only a refusal says that nobody listens: a living process may be too busy to answer.
    private static func isAbandoned(_ path: String, _ address: SocketAddress) -> Bool {
        var status = stat()
        guard lstat(path, &status) == 0, status.st_mode & S_IFMT == S_IFSOCK else { return false }
        let raw = clinux_stream_socket(address.family)
        guard raw >= 0 else { return false }
        let socket = FileDescriptor(owning: raw)
        return address.withRaw { connect(socket.raw, $0, $1) } != 0 && Errno.last == .connectionRefused
    }
}

extension FileDescriptor {
    /// Switches a socket option on. Options that may be refused are only improvements.
    func set(_ level: Int32, _ option: Int32) {
        var on: Int32 = 1
        setsockopt(raw, level, option, &on, socklen_t(MemoryLayout<Int32>.size))
    }
}
