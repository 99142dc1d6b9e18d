public import BookendLoop
import CLinux
import Glibc

/// A port that a server which is yet to be started will listen on, and again after each restart.
///
/// The socket is bound but does not listen, so a server that binds with SO_REUSEADDR, as servers do, gets the port, while
/// the kernel gives it to nobody who asks for any free one.
public final class ReservedPort {
    private let socket: FileDescriptor
    public let address: SocketAddress

    /// - Parameter address: with port 0, the system chooses.
    public init(_ address: SocketAddress) throws(Errno) {
        let raw = clinux_stream_socket(address.family)
        guard raw >= 0 else { throw .last }
        socket = FileDescriptor(owning: raw)
        var on: Int32 = 1
        setsockopt(raw, SOL_SOCKET, SO_REUSEADDR, &on, socklen_t(MemoryLayout<Int32>.size))
        if let error = address.bind(raw) { throw error }
        self.address = ListeningSocket.local(socket)
    }

    /// On the loopback interface, chosen by the system.
    public static func loopback() throws(Errno) -> ReservedPort {
        try ReservedPort(SocketAddress(ipv4: (127, 0, 0, 1), port: 0))
    }
}
