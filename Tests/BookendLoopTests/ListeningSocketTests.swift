import BookendCore
import BookendLoop
import Glibc
import Testing

@Suite("Listening sockets")
struct ListeningSocketTests {
    private let kernel = Kernel()

    private func accepts(_ listener: Int32) -> Int {
        var peer = SocketAddress()
        var count = 0
        while case .success(let raw) = kernel.accept(listener, from: &peer) {
            close(raw)
            count += 1
        }
        return count
    }

    private func group(_ address: SocketAddress, count: Int) throws(Errno) -> [Int32] {
        try ListeningSocket.group(address, count: count)
    }

    private func local(_ socket: Int32) -> SocketAddress {
        ListeningSocket.local(FileDescriptor(owning: dup(socket)))
    }

    @Test(
        "A group on port 0 has one port, and all its sockets get connections",
        arguments: [
            SocketAddress.loopback, SocketAddress(ipv6: [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1], port: 0),
        ])
    func group(address: SocketAddress) throws {
        let sockets = try group(address, count: 3)
        defer { for socket in sockets { close(socket) } }
        let ports = Set(sockets.map { local($0).port })
        #expect(ports.count == 1 && !ports.contains(0))
        for _ in 0..<90 { _ = try kernel.connecting(to: local(sockets[0])) }
        let counts = sockets.map(accepts)
        #expect(counts.reduce(0, +) == 90)
        #expect(counts.allSatisfy { $0 > 0 }, "\(counts)")
    }

    @Test("A port that anyone listens on is in use, even when this user would share it", arguments: [false, true])
    func inUse(isShared: Bool) throws {
        let raw = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(raw) }
        var on: Int32 = 1
        setsockopt(raw, SOL_SOCKET, SO_REUSEADDR, &on, 4)
        if isShared { setsockopt(raw, SOL_SOCKET, SO_REUSEPORT, &on, 4) }
        try #require(listen(raw, 1) == 0, "listening on a port of the kernel's choice")
        let address = SocketAddress(ipv4: (127, 0, 0, 1), port: local(raw).port)
        #expect(throws: Errno.addressInUse) { try group(address, count: 2) }
    }

    @Test("Bookend's own group is in use too; after it is closed the port is free at once")
    func ownGroup() throws {
        let sockets = try group(.loopback, count: 2)
        let address = local(sockets[0])
        #expect(throws: Errno.addressInUse) { try group(address, count: 2) }
        // Connections that were there leave the port in TIME_WAIT, which is not "in use".
        _ = try kernel.connecting(to: address)
        for socket in sockets {
            _ = accepts(socket)
            close(socket)
        }
        for socket in try group(address, count: 2) { close(socket) }
    }

    @Test("An address of another machine is not available")
    func notAvailable() throws {
        let foreign = SocketAddress(ipv4: (192, 0, 2, 1), port: 0)
        #expect(throws: Errno.addressNotAvailable) { try group(foreign, count: 1) }
    }

    @Test("A refused connection says so")
    func refused() throws {
        let listener = try group(.loopback, count: 1)[0]
        let address = local(listener)
        close(listener)
        let loop = try Loop()
        let socket = try loop.kernel.connecting(to: address).release()
        let probe = Probe()
        try loop.add(probe, stream: socket)
        #expect(try loop.turn(until: { probe.edges > 0 }))
        #expect(loop.kernel.connectError(socket) == .connectionRefused)
        loop.remove(probe)
        close(socket)
    }
}

@Suite("Unix listening socket")
struct UnixListeningSocketTests {
    private let directory: TemporaryDirectory
    private let path: String

    init() throws {
        directory = try TemporaryDirectory()
        path = directory.path + "/socket"
    }

    /// Listens, and closes at once.
    private func listen(_ path: String? = nil) throws {
        _ = try ListeningSocket.unix(path ?? self.path)
    }

    private func mode() -> mode_t? {
        var status = stat()
        return lstat(path, &status) == 0 ? status.st_mode : nil
    }

    @Test("Is for its owner only, whatever the umask")
    func permissions() throws {
        let before = umask(0)
        let socket = try ListeningSocket.unix(path).release()
        defer { close(socket) }
        umask(before)
        #expect(try #require(mode()) & 0o777 == 0o600)
        _ = try Kernel().connecting(to: #require(SocketAddress(unixPath: path)))
    }

    @Test("What a dead process left is replaced; a living socket is not")
    func stale() throws {
        try listen()
        #expect(mode() != nil, "a closed socket leaves its file")
        let socket = try ListeningSocket.unix(path).release()
        defer { close(socket) }
        #expect(throws: Errno.addressInUse) { try listen() }
        _ = try Kernel().connecting(to: #require(SocketAddress(unixPath: path)))
    }

    @Test("A living socket whose queue is full is living")
    func busy() throws {
        let address = try #require(SocketAddress(unixPath: path))
        let living = try ListeningSocket.unix(path).release()
        defer { close(living) }
        // Shortens the queue of the socket that already listens.
        Glibc.listen(living, 0)
        var clients: [Int32] = []
        #expect(throws: Errno.wouldBlock) {
            while clients.count < 100 { clients.append(try Kernel().connecting(to: address).release()) }
        }
        for client in clients { close(client) }
        #expect(throws: Errno.addressInUse) { try listen() }
        #expect(mode() != nil)
    }

    @Test("A file that is not a socket is never removed")
    func precious() throws {
        let file = open(path, O_CREAT | O_WRONLY, 0o644)
        write(file, "precious", 8)
        close(file)
        #expect(throws: Errno.addressInUse) { try listen() }
        #expect(try #require(mode()) & S_IFMT == S_IFREG)
    }

    @Test("A socket of another kind that is alive is not removed")
    func datagram() throws {
        let other = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue), 0)
        defer { close(other) }
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: Array(path.utf8)) }
        let size = socklen_t(MemoryLayout<sockaddr_un>.size)
        let status = withUnsafeBytes(of: &address) {
            bind(other, $0.baseAddress!.assumingMemoryBound(to: sockaddr.self), size)
        }
        try #require(status == 0)
        #expect(throws: Errno.addressInUse) { try listen() }
        #expect(mode() != nil)
    }

    @Test("A path that is too long, or nowhere, is an error")
    func badPath() throws {
        #expect(throws: Errno(ENAMETOOLONG)) { try listen(String(repeating: "x", count: 108)) }
        #expect(throws: Errno(ENOENT)) { try listen(directory.path + "/none/socket") }
    }
}
