import CLinux
import Glibc

/// An IPv4, IPv6 or Unix socket address, in the form the kernel takes.
public struct SocketAddress: @unchecked Sendable {
    private var storage = sockaddr_storage()
    private var length = socklen_t(MemoryLayout<sockaddr_storage>.size)

    /// No address: the place an accepted peer is written to.
    public init() {}

    public init(ipv4: (UInt8, UInt8, UInt8, UInt8), port: UInt16) {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        withUnsafeMutableBytes(of: &address.sin_addr) { memory in
            withUnsafeBytes(of: ipv4) { memory.copyMemory(from: $0) }
        }
        store(&address)
    }

    /// `bytes`: 16, in network order.
    public init(ipv6 bytes: [UInt8], port: UInt16) {
        precondition(bytes.count == 16, "an IPv6 address has 16 bytes")
        var address = sockaddr_in6()
        address.sin6_family = sa_family_t(AF_INET6)
        address.sin6_port = port.bigEndian
        withUnsafeMutableBytes(of: &address.sin6_addr) { $0.copyBytes(from: bytes) }
        store(&address)
    }

    /// Nil when the path is longer than the kernel takes (107 bytes).
    public init?(unixPath path: String) {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let bytes = Array(path.utf8)
        guard bytes.count < MemoryLayout.size(ofValue: address.sun_path) else { return nil }
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: bytes) }
        store(&address)
    }

    /// A Unix socket without a file (unix(7), "abstract"). Nil when the name is longer than the kernel takes.
    public init?(abstractName name: String) {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let bytes = [0] + Array(name.utf8)
        guard bytes.count <= MemoryLayout.size(ofValue: address.sun_path) else { return nil }
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: bytes) }
        store(&address)
        // Here every byte counts, zeros too.
        length = socklen_t(MemoryLayout<sockaddr_un>.size - MemoryLayout.size(ofValue: address.sun_path) + bytes.count)
    }

    /// Resolves a name or a literal to one address, blocking: never on a loop's thread. IPv4 goes before IPv6:
    /// `localhost` has both, and most servers of small fleets listen on 127.0.0.1 only.
    public static func resolve(host: String, port: UInt16) -> Result<SocketAddress, ResolutionFailure> {
        resolveAll(host: host, port: port).map { all in all.first { $0.family == AF_INET } ?? all[0] }
    }

    /// Every address of a name, at least one, in the order of RFC 6724; blocking as `resolve`.
    public static func resolveAll(host: String, port: UInt16) -> Result<[SocketAddress], ResolutionFailure> {
        var hints = addrinfo()
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        var list: UnsafeMutablePointer<addrinfo>?
        let status = getaddrinfo(host, String(port), &hints, &list)
        guard status == 0, let list else {
            return .failure(ResolutionFailure(host: host, reason: String(cString: gai_strerror(status))))
        }
        defer { freeaddrinfo(list) }
        let entries = sequence(first: list.pointee) { $0.ai_next?.pointee }
        return .success(entries.map { SocketAddress($0) })
    }

    private init(_ entry: addrinfo) {
        length = entry.ai_addrlen
        withUnsafeMutableBytes(of: &storage) { memory in
            memory.copyMemory(from: UnsafeRawBufferPointer(start: entry.ai_addr, count: Int(entry.ai_addrlen)))
        }
    }

    public var family: Int32 { Int32(storage.ss_family) }

    public var port: UInt16 {
        switch family {
        case AF_INET: read(as: sockaddr_in.self).sin_port.bigEndian
        case AF_INET6: read(as: sockaddr_in6.self).sin6_port.bigEndian
        default: 0
        }
    }

    /// The host's address as 16 bytes, IPv4 in its IPv6-mapped form (RFC 4291 2.5.5.2); zero for a Unix socket.
    public var host: HostAddress {
        switch family {
        case AF_INET:
            var address = read(as: sockaddr_in.self).sin_addr
            return withUnsafeBytes(of: &address) { HostAddress(ipv4: $0.loadUnaligned(as: UInt32.self).bigEndian) }
        case AF_INET6:
            var address = read(as: sockaddr_in6.self).sin6_addr
            return withUnsafeBytes(of: &address) {
                HostAddress(
                    high: $0.loadUnaligned(as: UInt64.self).bigEndian,
                    low: $0.loadUnaligned(fromByteOffset: 8, as: UInt64.self).bigEndian)
            }
        default:
            return HostAddress(high: 0, low: 0)
        }
    }

    /// `[::]`: every interface.
    var isUnspecified: Bool {
        family == AF_INET6 && host == HostAddress(high: 0, low: 0)
    }

    /// Gives a socket this address; nil when it has it.
    public func bind(_ socket: Int32) -> Errno? {
        withRaw { Glibc.bind(socket, $0, $1) } == 0 ? nil : .last
    }

    func withRaw<R>(_ body: (UnsafePointer<sockaddr>, socklen_t) -> R) -> R {
        withUnsafeBytes(of: storage) { memory in
            body(memory.baseAddress!.assumingMemoryBound(to: sockaddr.self), length)
        }
    }

    mutating func receive(_ body: (UnsafeMutablePointer<sockaddr>, UnsafeMutablePointer<socklen_t>) -> Int32) -> Int32 {
        length = socklen_t(MemoryLayout<sockaddr_storage>.size)
        return withUnsafeMutableBytes(of: &storage) { memory in
            body(memory.baseAddress!.assumingMemoryBound(to: sockaddr.self), &length)
        }
    }

    private mutating func store<Address>(_ address: inout Address) {
        length = socklen_t(MemoryLayout<Address>.size)
        withUnsafeMutableBytes(of: &storage) { memory in
            withUnsafeBytes(of: &address) { memory.copyMemory(from: $0) }
        }
    }

    private func read<Address>(as type: Address.Type) -> Address {
        withUnsafeBytes(of: storage) { $0.loadUnaligned(as: type) }
    }
}

/// A name that could not be resolved, in the resolver's own words.
public struct ResolutionFailure: Error, CustomStringConvertible {
    public let host: String
    public let reason: String

    public var description: String { "\(host): \(reason)" }
}
