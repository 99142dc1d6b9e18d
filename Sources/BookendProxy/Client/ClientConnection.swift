import BookendConfig
import BookendCore
import BookendHTTP
import BookendLoop

/// One connection from a client. While it waits for a request it holds no buffer and no exchange.
final class ClientConnection: EventSource {
    /// - `idle` → `head` (first byte), closed (idle for too long, or the client's end)
    /// - `head` → `busy` (a whole head, or one that is refused), closed (the client's end)
    /// - `busy` → `idle`, `head` (a pipelined request is there), `lingering`, closed
    /// - `lingering` → closed
    private enum Phase: UInt8 {
        case idle, head, busy, lingering
    }

    /// What becomes of the connection after an exchange.
    enum Sequel {
        case nextRequest
        /// Nothing more can come that a close would throw a reset at.
        case close
        /// Let the answer arrive first (RFC 9112, section 9.6).
        case linger
    }

    let worker: Worker
    private(set) var listener: ListenerPlan
    let peer: HostAddress
    private(set) var isTrusted: Bool
    let stream: ByteStream
    let input = Buffer()
    var exchange: Exchange?
    /// When the first byte of the present request arrived; before the first one, when the connection was made.
    private(set) var requestBegan = Moment.origin
    /// Where the worker keeps this connection.
    var slot = 0
    private var lingered = 0
    private var hasServed = false
    private var phase = Phase.idle

    init(_ descriptor: consuming FileDescriptor, from peer: HostAddress, at listener: ListenerPlan, of worker: Worker) {
        self.worker = worker
        self.listener = listener
        self.peer = peer
        isTrusted = listener.trusts(peer)
        stream = ByteStream(descriptor)
        super.init()
    }

    var isIdle: Bool { phase == .idle }
    /// Whether it may be closed to make room for another.
    var mayBeGivenUp: Bool { isIdle && (hasServed || requestBegan + Limits.firstRequest <= loop.now) }
    var bodyLimit: UInt64 { UInt64(listener.limits.body.bytes) }
    private var loop: Loop { worker.loop }

    /// The listener's configuration changed. A request that has begun goes on by the routes that it found.
    func follow(_ listener: ListenerPlan) {
        self.listener = listener
        isTrusted = listener.trusts(peer)
        if listener.isClosing { exchange?.keepsClient = false }
    }

    override func ready(_ readiness: Readiness) {
        let hadFinished = stream.peerHasFinished
        stream.note(readiness)
        if stream.peerHasFinished, !hadFinished { exchange?.clientFinished() }
        if !readiness.isDisjoint(with: [.hungUp, .failed]), let exchange { return exchange.clientHungUp() }
        go()
    }

    override func resumed() {
        if phase == .head, takeHead() { return }
        go()
    }

    override func deadlinePassed() {
        switch phase {
        case .idle, .lingering: close()
        case .head: busy { $0.headTimedOut(for: self) }
        case .busy: exchange?.timedOut()
        }
    }

    /// Also the beginning: a new connection waits for its first request.
    func waitForRequest() {
        phase = .idle
        if !hasServed { requestBegan = loop.now }
        loop.setDeadline(loop.now + listener.timeouts.idle, for: self)
        worker.roomMayBeThere()
    }

    func exchangeEnded(_ sequel: Sequel) {
        exchange = nil
        hasServed = true
        switch sequel {
        case .nextRequest where worker.isDraining || listener.isClosing:
            // The answer's head went out before that was known, and promised more.
            exchangeEnded(input.isEmpty ? .close : .linger)
        case .nextRequest:
            waitForRequest()
            if !input.isEmpty {
                requestBegan = loop.now
                beginHead()
            }
            // A pipelined request waits for its turn among the others (rule 13).
            if !input.isEmpty || stream.isReadable { loop.resumeLater(self) }
        case .close:
            close()
        case .linger:
            phase = .lingering
            input.release()
            stream.shutdownWrite(on: loop.kernel)
            loop.setDeadline(loop.now + Limits.lingering, for: self)
            linger()
        }
    }

    /// Forgets the connection; its descriptor closes with the last reference.
    func close() {
        exchange = nil
        input.release()
        worker.remove(self)
    }

    private func go() {
        switch phase {
        case .idle, .head: readHead()
        case .busy: exchange?.advance()
        case .lingering: linger()
        }
    }

    private func beginHead() {
        phase = .head
        loop.setDeadline(loop.now + listener.timeouts.head, for: self)
    }

    private func readHead() {
        while true {
            guard stream.isReadable else { return park() }
            if input.freeCapacity == 0 {
                if input.count >= BufferSize.small.bytes, worker.isShortOfMemory {
                    return busy { $0.refuseForMemory(for: self) }
                }
                input.reserve(max(input.count, BufferSize.standard.bytes), from: loop.buffers)
            }
            let known = input.count
            switch stream.read(into: input, on: loop.kernel) {
            case .bytes:
                let isFirst = phase == .idle
                if isFirst { requestBegan = loop.now }
                if isFirst || mayBeWhole(after: known), takeHead() { return }
                if isFirst { beginHead() }
            case .wouldBlock:
                return park()
            case .end, .failed:
                return close()
            }
        }
    }

    /// A head is looked at again only when a line has ended or the limit is reached, so that one that drips in byte by
    /// byte costs no more than one that comes at once.
    private func mayBeWhole(after known: Int) -> Bool {
        let limit = listener.limits.head.bytes
        return input.withBytes { bytes in
            if bytes.count >= limit { return true }
            for index in known..<bytes.count where bytes[index] == UInt8(ascii: "\n") { return true }
            return false
        }
    }

    /// Nothing to read: what waits holds as little memory as it can.
    private func park() {
        if input.isEmpty { input.release() } else { input.fit(from: loop.buffers) }
    }

    /// True when a whole head, or one that is refused, became an exchange.
    private func takeHead() -> Bool {
        let exchange = worker.exchange(for: listener)
        do throws(Refusal) {
            guard try input.withBytes({ bytes throws(Refusal) in try exchange.request.parse(bytes) }) else {
                worker.keep(exchange)
                return false
            }
        } catch {
            busy(with: exchange) { $0.refuse(error, for: self) }
            return true
        }
        // Into memory that fits: the head is kept until the answer went out.
        let count = exchange.request.count
        exchange.head.reserve(count, from: loop.buffers)
        input.withBytes { bytes in exchange.head.append { $0.append(bytes.extracting(first: count)) } }
        input.consume(count)
        if input.isEmpty { input.release() }
        busy(with: exchange) { $0.begin(for: self) }
        return true
    }

    private func busy(with exchange: Exchange? = nil, _ begin: (Exchange) -> Void) {
        let exchange = exchange ?? worker.exchange(for: listener)
        self.exchange = exchange
        phase = .busy
        begin(exchange)
    }

    /// Reads and throws away what the client still sends, until its end, a limit or a deadline.
    private func linger() {
        let waste = Buffer()
        waste.reserve(BufferSize.standard.bytes, from: loop.buffers)
        while lingered < Limits.lingeringBytes {
            switch stream.read(into: waste, on: loop.kernel) {
            case .bytes(let count):
                lingered += count
                waste.consume(count)
            case .wouldBlock:
                return
            case .end, .failed:
                return close()
            }
        }
        close()
    }
}
