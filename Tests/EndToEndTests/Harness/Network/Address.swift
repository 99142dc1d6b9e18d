import Glibc

/// An IPv4 address of this machine with a port, in the form the kernel takes.
struct Address {
    private var raw = sockaddr_in()

    /// `host`: in dotted form. All of 127.0.0.0/8 is this machine, so one test can be many clients.
    init(_ host: String, _ port: UInt16) {
        raw.sin_family = sa_family_t(AF_INET)
        raw.sin_port = port.bigEndian
        inet_pton(AF_INET, host, &raw.sin_addr)
    }

    func with<R>(_ body: (UnsafePointer<sockaddr>, socklen_t) -> R) -> R {
        withUnsafeBytes(of: raw) { memory in
            body(memory.baseAddress!.assumingMemoryBound(to: sockaddr.self), socklen_t(memory.count))
        }
    }

    /// The port that the system chose for a bound socket.
    static func port(of descriptor: Int32) -> UInt16 {
        var address = Address("0.0.0.0", 0)
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        withUnsafeMutableBytes(of: &address.raw) { memory in
            _ = getsockname(descriptor, memory.baseAddress!.assumingMemoryBound(to: sockaddr.self), &length)
        }
        return address.raw.sin_port.bigEndian
    }
}

enum Socket {
    static func stream() throws -> Int32 {
        let raw = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard raw >= 0 else { throw Failure("no socket: \(String(cString: strerror(errno)))") }
        return raw
    }

    /// Listens on a port that the system chooses.
    static func listening(backlog: Int32 = 512) throws -> (descriptor: Int32, port: UInt16) {
        let raw = try listening(on: 0, backlog: backlog)
        return (raw, Address.port(of: raw))
    }

    /// Listens on a port that was listened on before.
    static func listening(on port: UInt16, backlog: Int32 = 512) throws -> Int32 {
        let raw = try stream()
        var on: Int32 = 1
        setsockopt(raw, SOL_SOCKET, SO_REUSEADDR, &on, socklen_t(MemoryLayout<Int32>.size))
        guard Address("127.0.0.1", port).with({ bind(raw, $0, $1) }) == 0, listen(raw, backlog) == 0 else {
            throw Failure("cannot listen: \(String(cString: strerror(errno)))")
        }
        return raw
    }

    static func setTimeout(_ raw: Int32, seconds: Double) {
        var limit = timeval(tv_sec: Int(seconds), tv_usec: Int((seconds - seconds.rounded(.down)) * 1e6))
        setsockopt(raw, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
        setsockopt(raw, SOL_SOCKET, SO_SNDTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
    }

    /// A port that a program may listen on, again and again, and that nobody else gets meanwhile.
    static func reservedPort(_ stage: Stage) throws -> UInt16 {
        let raw = try stream()
        stage.atEnd { close(raw) }
        var on: Int32 = 1
        setsockopt(raw, SOL_SOCKET, SO_REUSEADDR, &on, socklen_t(MemoryLayout<Int32>.size))
        guard Address("127.0.0.1", 0).with({ bind(raw, $0, $1) }) == 0 else { throw Failure("cannot bind") }
        return Address.port(of: raw)
    }

    /// A port on which nobody listens: it belongs to a socket that never will.
    static func deadPort(_ stage: Stage) throws -> UInt16 {
        let raw = try stream()
        stage.atEnd { close(raw) }
        guard Address("127.0.0.1", 0).with({ bind(raw, $0, $1) }) == 0 else { throw Failure("cannot bind") }
        return Address.port(of: raw)
    }
}
