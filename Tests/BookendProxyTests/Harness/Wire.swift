import BookendLoop
import Glibc

/// One end of a TCP connection, driven by a test in the loop's own thread: nothing blocks, nothing is scripted here.
final class Wire {
    private var descriptor: Int32
    /// Everything that was received and not yet taken.
    var received: [UInt8] = []
    /// The peer sent its end.
    private(set) var hasEnded = false
    /// The connection was reset, or cannot be written to any more.
    private(set) var isBroken = false

    init(owning descriptor: Int32) {
        self.descriptor = descriptor
    }

    deinit {
        close()
    }

    var isClosed: Bool { descriptor < 0 }
    var isOver: Bool { isClosed || hasEnded || isBroken }

    /// A connection to `address`. Over loopback it stands at once.
    static func connect(to address: SocketAddress) throws -> Wire {
        Wire(owning: try Kernel().connecting(to: address).release())
    }

    /// Sends as much as the kernel takes; gives how much that was.
    @discardableResult
    func send(_ bytes: some Collection<UInt8>) -> Int {
        guard !isClosed, !bytes.isEmpty else { return 0 }
        let count = Array(bytes).withUnsafeBytes {
            Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
        }
        if count < 0, errno == EPIPE || errno == ECONNRESET || errno == ECONNREFUSED { isBroken = true }
        return max(0, count)
    }

    @discardableResult
    func send(_ text: String) -> Int { send(Array(text.utf8)) }

    /// Takes in what has arrived, up to `limit` bytes; gives how much that was.
    @discardableResult
    func receive(limit: Int = 1 << 20) -> Int {
        guard !isClosed, !hasEnded, !isBroken else { return 0 }
        var piece = [UInt8](repeating: 0, count: limit)
        let count = piece.withUnsafeMutableBytes { recv(descriptor, $0.baseAddress, $0.count, Int32(MSG_DONTWAIT)) }
        if count > 0 { received += piece.prefix(count) }
        if count == 0 { hasEnded = true }
        if count < 0, errno != EAGAIN, errno != EINTR { isBroken = true }
        return max(0, count)
    }

    /// No more bytes will be sent; receiving goes on.
    func finish() {
        if !isClosed { shutdown(descriptor, Int32(SHUT_WR)) }
    }

    func close() {
        guard descriptor >= 0 else { return }
        Glibc.close(descriptor)
        descriptor = -1
    }

    /// Ends with a reset instead of an end.
    func reset() {
        guard descriptor >= 0 else { return }
        var option = linger(l_onoff: 1, l_linger: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &option, socklen_t(MemoryLayout<linger>.size))
        close()
    }

    /// Little room in the kernel, so that a slow reader is felt soon.
    func shrinkReceiveBuffer() {
        var size: Int32 = 4_096
        setsockopt(descriptor, SOL_SOCKET, SO_RCVBUF, &size, socklen_t(MemoryLayout<Int32>.size))
    }

    var text: String { String(decoding: received, as: UTF8.self) }
}

/// A listening socket on a port that the system chose.
final class Door {
    private let descriptor: FileDescriptor
    private let kernel = Kernel()
    let address: SocketAddress

    init() throws {
        descriptor = FileDescriptor(owning: try ListeningSocket.group(.loopback, count: 1)[0])
        address = ListeningSocket.local(descriptor)
    }

    func accept() -> Wire? {
        var peer = SocketAddress()
        guard case .success(let raw) = kernel.accept(descriptor.raw, from: &peer) else { return nil }
        return Wire(owning: raw)
    }
}

extension SocketAddress {
    static var loopback: SocketAddress { SocketAddress(ipv4: (127, 0, 0, 1), port: 0) }
}
