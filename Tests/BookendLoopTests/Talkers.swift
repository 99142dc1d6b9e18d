import BookendLoop

/// One end of a connection that sends all it has, ends, and keeps what comes back.
final class Talker: EventSource {
    private let loop: Loop
    private let stream: ByteStream
    private let output = Buffer()
    private let input = Buffer()
    private var unsent: ArraySlice<UInt8>
    private(set) var received: [UInt8] = []
    private(set) var hasSentAll = false
    private(set) var sawEnd = false
    private(set) var failures: [Errno] = []
    /// A reader that stops, until it is set and the talker resumed.
    var isReading = true

    init(_ descriptor: Int32, sends bytes: [UInt8], on loop: Loop) throws {
        self.loop = loop
        stream = ByteStream(FileDescriptor(owning: descriptor))
        unsent = bytes[...]
        super.init()
        try loop.add(self, stream: descriptor)
    }

    var isDone: Bool { (hasSentAll && sawEnd) || !failures.isEmpty }
    var unsentCount: Int { unsent.count + output.count }

    override func ready(_ readiness: Readiness) {
        stream.note(readiness)
        move()
    }

    override func resumed() {
        move()
    }

    private func move() {
        guard failures.isEmpty else { return }
        send()
        if isReading { receive() }
        if isDone {
            output.release()
            input.release()
            loop.remove(self)
        }
    }

    private func send() {
        while !hasSentAll {
            fill()
            if output.isEmpty {
                stream.shutdownWrite(on: loop.kernel)
                hasSentAll = true
                return
            }
            switch stream.write(output, on: loop.kernel) {
            case .bytes: continue
            case .wouldBlock: return
            case .end: preconditionFailure("a write has no end")
            case .failed(let error): return failures.append(error)
            }
        }
    }

    private func fill() {
        guard output.isEmpty, !unsent.isEmpty else { return }
        output.reserve(BufferSize.standard.bytes, from: loop.buffers)
        let piece = unsent.prefix(output.freeCapacity)
        output.append(piece)
        unsent = unsent.dropFirst(piece.count)
    }

    private func receive() {
        while !sawEnd, failures.isEmpty {
            input.reserve(BufferSize.small.bytes, from: loop.buffers)
            switch stream.read(into: input, on: loop.kernel) {
            case .bytes: input.drain(into: &received)
            case .wouldBlock: return
            case .end: sawEnd = true
            case .failed(let error): failures.append(error)
            }
        }
    }
}

/// The other end: sends back what it reads, through a small head and a body as a proxy does, and ends after the peer's
/// end.
final class Echo: EventSource {
    private let loop: Loop
    private let stream: ByteStream
    private let head = Buffer()
    private let body = Buffer()
    private var sawEnd = false
    private(set) var isDone = false
    private(set) var failures: [Errno] = []
    private(set) var largestHeld = 0

    init(_ descriptor: Int32, on loop: Loop) throws {
        self.loop = loop
        stream = ByteStream(FileDescriptor(owning: descriptor))
        super.init()
        try loop.add(self, stream: descriptor)
    }

    override func ready(_ readiness: Readiness) {
        stream.note(readiness)
        while !isDone, step() {}
    }

    /// True while something moved.
    private func step() -> Bool {
        let didRead = read()
        let didWrite = write()
        largestHeld = max(largestHeld, head.capacity + body.capacity)
        if sawEnd, head.isEmpty, body.isEmpty {
            stream.shutdownWrite(on: loop.kernel)
            finish()
        }
        return didRead || didWrite
    }

    private func finish() {
        isDone = true
        head.release()
        body.release()
        loop.remove(self)
    }

    private func read() -> Bool {
        guard !sawEnd else { return false }
        if head.isEmpty, body.isEmpty {
            head.reserve(BufferSize.tiny.bytes, from: loop.buffers)
            return take(stream.read(into: head, on: loop.kernel))
        }
        if body.isEmpty { body.reserve(BufferSize.standard.bytes, from: loop.buffers) }
        guard body.freeCapacity > 0 else { return false }
        return take(stream.read(into: body, on: loop.kernel))
    }

    private func write() -> Bool {
        guard !head.isEmpty || !body.isEmpty else { return false }
        return take(stream.write(head, then: body, limit: body.count, on: loop.kernel))
    }

    private func take(_ result: Transfer) -> Bool {
        switch result {
        case .bytes: return true
        case .wouldBlock: return false
        case .end:
            sawEnd = true
            return true
        case .failed(let error):
            failures.append(error)
            finish()
            return false
        }
    }
}
