import CLinux
import Glibc

/// A connection used without a loop, by a command that has nothing else to do.
public enum BlockingSocket {
    /// - Parameter patience: seconds that a read or a write may take.
    public static func connect(to address: SocketAddress, patience: Int) throws(Errno) -> FileDescriptor {
        let raw = Glibc.socket(address.family, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard raw >= 0 else { throw .last }
        let socket = FileDescriptor(owning: raw)
        var limit = timeval(tv_sec: patience, tv_usec: 0)
        setsockopt(raw, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
        setsockopt(raw, SOL_SOCKET, SO_SNDTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
        guard address.withRaw({ Glibc.connect(raw, $0, $1) }) == 0 else { throw .last }
        return socket
    }

    /// False when it cannot be written. A peer that has left is no signal to this process.
    public static func writeAll(_ bytes: [UInt8], to socket: borrowing FileDescriptor) -> Bool {
        var written = 0
        while written < bytes.count {
            let count = bytes.withUnsafeBytes { memory in
                Glibc.send(socket.raw, memory.baseAddress! + written, memory.count - written, Int32(MSG_NOSIGNAL))
            }
            if count < 0 && errno == EINTR { continue }
            guard count > 0 else { return false }
            written += count
        }
        return true
    }

    /// Everything until the end, or until the patience is over.
    public static func readAll(_ socket: borrowing FileDescriptor) -> [UInt8] {
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = Glibc.read(socket.raw, &chunk, chunk.count)
            if count < 0 && errno == EINTR { continue }
            guard count > 0 else { return bytes }
            bytes.append(contentsOf: chunk[0..<count])
        }
    }
}
