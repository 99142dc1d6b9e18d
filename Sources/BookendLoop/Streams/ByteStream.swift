import Glibc

/// A connected, non-blocking stream of bytes in both directions, that remembers what the last edge said, so that no
/// system call is made that is known to move nothing.
///
/// The one place that knows how bytes reach the peer: a TLS session will stand here beside the plain socket, with the
/// same five operations.
public final class ByteStream {
    private let descriptor: FileDescriptor
    private var mayRead = false
    private var mayWrite: Bool
    private var peerFinished = false

    /// A connection that stands. The edge that comes with its registration tells whether it can be read.
    public init(_ descriptor: consuming FileDescriptor) {
        self.descriptor = descriptor
        mayWrite = true
    }

    /// A connection that is being made: the first edge tells the outcome.
    public init(connecting descriptor: consuming FileDescriptor) {
        self.descriptor = descriptor
        mayWrite = false
    }

    /// Before the first edge of a connection that is being made.
    public var isConnecting: Bool { !mayWrite }

    public var raw: Int32 { descriptor.raw }

    /// Takes in an edge.
    public func note(_ readiness: Readiness) {
        if !readiness.isDisjoint(with: [.readable, .peerFinished, .hungUp, .failed]) { mayRead = true }
        if !readiness.isDisjoint(with: [.writable, .hungUp, .failed]) { mayWrite = true }
        if !readiness.isDisjoint(with: [.peerFinished, .hungUp, .failed]) { peerFinished = true }
    }

    /// Whether the kernel said that the peer's sending side is closed; bytes may still be waiting before the end.
    public var peerHasFinished: Bool { peerFinished }
    public var isReadable: Bool { mayRead }
    public var isWritable: Bool { mayWrite }

    /// Whether bytes or an end are there to be read: one system call that tells before an edge does.
    public func hasInput(on kernel: Kernel) -> Bool {
        kernel.peek(descriptor.raw) != .wouldBlock
    }

    /// Reads once into the buffer's free memory. Without any it is `.wouldBlock` and no call: the kernel's answer to
    /// that could not be told from an end.
    public func read(into buffer: Buffer, on kernel: Kernel) -> Transfer {
        let room = buffer.freeCapacity
        guard mayRead, room > 0 else { return .wouldBlock }
        let result = uninterrupted { kernel.read(descriptor.raw, into: buffer.writable) }
        switch result {
        case .bytes(let count):
            buffer.wasFilled(by: count)
            // A short read emptied the socket: the next bytes come with an edge of their own (epoll(7)). An end that
            // was already announced comes with none.
            if count < room, !peerFinished { mayRead = false }
        case .wouldBlock:
            mayRead = false
        case .end, .failed:
            break
        }
        return result
    }

    /// Writes what the buffer holds, and consumes what was taken. Nothing to write is `.wouldBlock` and no call.
    public func write(_ buffer: Buffer, on kernel: Kernel) -> Transfer {
        let wanted = buffer.count
        guard mayWrite, wanted > 0 else { return .wouldBlock }
        let result = uninterrupted { kernel.write(descriptor.raw, buffer.readable) }
        noteWrite(result, of: wanted)
        if case .bytes(let count) = result { buffer.consume(count) }
        return result
    }

    /// Writes all of `first` and then the first `limit` bytes of `second`, or all it has, with one system call, and
    /// consumes what was taken. Nothing to write is `.wouldBlock` and no call.
    public func write(
        _ first: Buffer, then second: Buffer, limit: Int, on kernel: Kernel
    ) -> Transfer {
        let rest = UnsafeRawBufferPointer(rebasing: second.readable.prefix(limit))
        let wanted = first.count + rest.count
        guard mayWrite, wanted > 0 else { return .wouldBlock }
        let result = uninterrupted {
            if first.isEmpty { return kernel.write(descriptor.raw, rest) }
            if rest.isEmpty { return kernel.write(descriptor.raw, first.readable) }
            return kernel.write(descriptor.raw, first.readable, rest)
        }
        noteWrite(result, of: wanted)
        if case .bytes(let count) = result {
            let fromFirst = min(count, first.count)
            first.consume(fromFirst)
            second.consume(count - fromFirst)
        }
        return result
    }

    /// The kernel keeps about so many bytes for a peer that does not read; without a word it is megabytes (tcp(7)).
    public func limitUnread(to bytes: Int32) {
        var size = bytes
        // A refusal leaves what was: it is only an improvement.
        setsockopt(descriptor.raw, SOL_SOCKET, SO_SNDBUF, &size, socklen_t(MemoryLayout<Int32>.size))
    }

    /// Sends the end of our bytes; reading goes on.
    public func shutdownWrite(on kernel: Kernel) {
        kernel.shutdownWrite(descriptor.raw)
    }

    private func noteWrite(_ result: Transfer, of wanted: Int) {
        switch result {
        case .bytes(let count) where count < wanted: mayWrite = false
        case .wouldBlock: mayWrite = false
        default: break
        }
    }

    /// Again, as long as signals interrupt it.
    private func uninterrupted(_ call: () -> Transfer) -> Transfer {
        while true {
            let result = call()
            if result != .failed(.interrupted) { return result }
        }
    }
}
