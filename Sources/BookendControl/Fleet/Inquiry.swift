import BookendCore
import BookendHTTP
import BookendLoop

/// One question to another program on a connection of its own, and its answer.
///
/// - `connecting` → `talking`, `over` (no connection, or it was enough)
/// - `talking` → `over`
class Inquiry: EventSource {
    /// How it ended without an answer.
    enum Failure {
        /// Refused, reset, or there is no way.
        case lost
        case timedOut
        /// Bookend has no descriptor, port or memory left.
        case ownShortage
    }

    let loop: Loop
    /// What has arrived and was not taken.
    let input = Buffer()
    private let stream: ByteStream
    private let question: [UInt8]
    private let output = Buffer()
    private(set) var isOver = false

    /// Begins.
    ///
    /// - Parameter limit: on all of it.
    init(
        to address: SocketAddress, asking question: [UInt8], within limit: TimeSpan, on loop: Loop
    ) throws(Errno) {
        self.loop = loop
        self.question = question
        stream = ByteStream(connecting: try loop.kernel.connecting(to: address))
        super.init()
        try loop.add(self, stream: stream.raw)
        loop.setDeadline(loop.now + limit, for: self)
    }

    /// The connection stands. False when that was all.
    func connected() -> Bool { true }

    /// More of the answer is in `input`.
    func arrived() {}

    /// The other side has closed in good order.
    func ended() {}

    func failed(_ failure: Failure) {}

    /// It is over; false when it was before.
    func finish() -> Bool {
        guard !isOver else { return false }
        isOver = true
        input.release()
        output.release()
        loop.remove(self)
        return true
    }

    override func ready(_ readiness: Readiness) {
        let wasConnecting = stream.isConnecting
        stream.note(readiness)
        if wasConnecting {
            guard !stream.isConnecting else { return }
            if let error = loop.kernel.connectError(stream.raw) {
                return failed(error.isOwnShortage ? .ownShortage : error == .timedOut ? .timedOut : .lost)
            }
            guard connected() else { return }
            if !question.isEmpty {
                guard output.reserve(question.count, from: loop.buffers) else { return failed(.ownShortage) }
                let question = question
                output.append { $0.append(question.span) }
            }
        }
        write()
        if !isOver { read() }
    }

    override func deadlinePassed() {
        failed(.timedOut)
    }

    private func write() {
        while !output.isEmpty {
            switch stream.write(output, on: loop.kernel) {
            case .bytes: continue
            case .wouldBlock: return
            case .end, .failed: return failed(.lost)
            }
        }
    }

    private func read() {
        while stream.isReadable, !isOver {
            if input.freeCapacity == 0, !input.reserve(BufferSize.standard.bytes, from: loop.buffers) {
                return failed(.ownShortage)
            }
            switch stream.read(into: input, on: loop.kernel) {
            case .bytes: arrived()
            case .wouldBlock: return
            case .end: return ended()
            case .failed: return failed(.lost)
            }
        }
    }
}
