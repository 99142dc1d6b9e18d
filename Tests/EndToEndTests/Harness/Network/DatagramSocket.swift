import Glibc

/// Takes datagrams.
final class DatagramSocket {
    let port: UInt16
    private let raw: Int32

    private init(_ raw: Int32, port: UInt16) {
        self.raw = raw
        self.port = port
        Socket.setTimeout(raw, seconds: 20)
    }

    static func udp() throws -> DatagramSocket {
        let raw = try open(AF_INET)
        guard Address("127.0.0.1", 0).with({ bind(raw, $0, $1) }) == 0 else { throw Failure("cannot bind") }
        return DatagramSocket(raw, port: Address.port(of: raw))
    }

    /// - Parameter name: a path, or a name without a file behind `@` (unix(7), "abstract").
    static func unix(_ name: String) throws -> DatagramSocket {
        let raw = try open(AF_UNIX)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let isAbstract = name.hasPrefix("@")
        let bytes = isAbstract ? [0] + Array(name.utf8.dropFirst()) : Array(name.utf8) + [0]
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: bytes) }
        let length = socklen_t(2 + bytes.count)
        let result = withUnsafeBytes(of: address) { memory in
            bind(raw, memory.baseAddress!.assumingMemoryBound(to: sockaddr.self), length)
        }
        guard result == 0 else { throw Failure("cannot bind \(name): \(String(cString: strerror(errno)))") }
        return DatagramSocket(raw, port: 0)
    }

    /// The next one as text; nil when none comes in time.
    func receive(within seconds: Double = 20) throws -> String? {
        Socket.setTimeout(raw, seconds: seconds)
        var bytes = [UInt8](repeating: 0, count: 65_536)
        let count = recv(raw, &bytes, bytes.count, 0)
        return count >= 0 ? String(decoding: bytes.prefix(count), as: UTF8.self) : nil
    }

    func end() {
        close(raw)
    }

    private static func open(_ family: Int32) throws -> Int32 {
        let raw = socket(family, Int32(SOCK_DGRAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard raw >= 0 else { throw Failure("no socket: \(String(cString: strerror(errno)))") }
        return raw
    }
}
