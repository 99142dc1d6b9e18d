import CLinux
import Glibc

extension Kernel {
    /// A socket whose connection to `address` is under way; the outcome comes as an edge, see `connectError`.
    public final func connecting(to address: SocketAddress) throws(Errno) -> FileDescriptor {
        let raw = clinux_stream_socket(address.family)
        guard raw >= 0 else { throw .last }
        let socket = FileDescriptor(owning: raw)
        if address.family != AF_UNIX { socket.set(Int32(IPPROTO_TCP), TCP_NODELAY) }
        if let error = connect(raw, to: address), error != .inProgress { throw error }
        return socket
    }
}
