import CLinux
import Glibc

/// One datagram, sent without waiting.
public enum Datagram {
    /// Nil when the kernel has taken it.
    public static func send(_ bytes: [UInt8], to address: SocketAddress) -> Errno? {
        let raw = socket(address.family, Int32(SOCK_DGRAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard raw >= 0 else { return .last }
        let socket = FileDescriptor(owning: raw)
        let flags = Int32(MSG_DONTWAIT) | Int32(MSG_NOSIGNAL)
        let sent = address.withRaw { sendto(socket.raw, bytes, bytes.count, flags, $0, $1) }
        return sent == bytes.count ? nil : .last
    }
}
