import BookendCore
import BookendHTTP
import BookendLoop

/// One connection to the server: being made, idle, or with a request under way.
final class LoadConnection: EventSource {
    private enum Phase { case connecting, idle, head, body, closed }

    private unowned let worker: LoadWorker
    private var phase = Phase.connecting
    private let stream: ByteStream
    private let input = Buffer()
    private let output = Buffer()
    private var response = ResponseHead(limits: LoadLimits.responseHead)
    private var body = BodyDecoder(.none, limits: LoadLimits.responseBody)
    private var request = DueRequest(intended: .origin, index: 0)
    /// Bytes of the request that were put into `output`.
    private var written = 0
    private var sent = Moment.origin
    /// Any byte of the answer came.
    private var hasAnswer = false
    /// Answers before the present one.
    private var served = 0
    /// Where the worker keeps it.
    var slot = 0

    init(_ descriptor: consuming FileDescriptor, of worker: LoadWorker) throws(Errno) {
        self.worker = worker
        stream = ByteStream(connecting: descriptor)
        super.init()
        try worker.loop.add(self, stream: stream.raw)
        worker.loop.setDeadline(worker.loop.now + worker.plan.timeout, for: self)
    }

    var isBusy: Bool { phase == .head || phase == .body }
    var isConnecting: Bool { phase == .connecting }

    override func ready(_ readiness: Readiness) {
        stream.note(readiness)
        advance()
    }

    override func resumed() {
        advance()
    }

    override func deadlinePassed() {
        switch phase {
        case .connecting: worker.connectionFailed(self, .timeout)
        case .head, .body: fail(.timeout)
        case .idle, .closed: break
        }
    }

    /// Sends a request; the connection is idle.
    func begin(_ request: DueRequest) {
        assert(phase == .idle, "one request at a time")
        self.request = request
        phase = .head
        written = 0
        hasAnswer = false
        response.reset()
        sent = worker.loop.kernel.now()
        worker.loop.setDeadline(request.intended + worker.plan.timeout, for: self)
        worker.tally.sent += 1
        send()
    }

    func close() {
        phase = .closed
        input.release()
        output.release()
        worker.loop.remove(self)
        worker.forget(self)
    }

    private func advance() {
        switch phase {
        case .connecting: connected()
        case .idle: leaveIdle()
        case .head, .body:
            send()
            receive()
        case .closed: break
        }
    }

    private func connected() {
        guard !stream.isConnecting else { return }
        if let error = worker.loop.kernel.connectError(stream.raw) {
            return worker.connectionFailed(self, FailureKind(connecting: error))
        }
        phase = .idle
        worker.loop.setDeadline(.distantFuture, for: self)
        worker.connectionStands(self)
    }

    /// Idle: whatever comes is the end, or bytes that nobody asked for.
    private func leaveIdle() {
        guard stream.isReadable else { return }
        input.reserve(BufferSize.tiny.bytes, from: worker.loop.buffers)
        switch stream.read(into: input, on: worker.loop.kernel) {
        case .wouldBlock: return input.release()
        case .bytes: worker.tally.surplus += 1
        case .end, .failed: break
        }
        worker.idleConnectionEnded(self)
    }
}

// MARK: - Sending

extension LoadConnection {
    /// As much of the request as the socket takes. An answer may come before all of it is sent, and then decides.
    private func send() {
        let bytes = worker.plan.mix.requests[request.index].bytes
        while written < bytes.count || !output.isEmpty {
            if output.isEmpty { fill(bytes) }
            switch stream.write(output, on: worker.loop.kernel) {
            case .bytes(let count): worker.tally.bytesSent += UInt64(count)
            case .wouldBlock: return
            // What the server sent before it closed may still be read; else the reading tells how it ended.
            case .failed, .end:
                written = bytes.count
                output.release()
                stream.note(.failed)
                worker.loop.resumeLater(self)
            }
        }
        output.release()
    }

    private func fill(_ bytes: [UInt8]) {
        let piece = min(bytes.count - written, BufferSize.large.bytes)
        output.reserve(piece, from: worker.loop.buffers)
        output.append { $0.append(bytes.span.extracting(written..<written + piece)) }
        written += piece
    }
}

// MARK: - Receiving

extension LoadConnection {
    private func receive() {
        for _ in 0..<LoadLimits.readsPerTurn {
            guard stream.isReadable else { break }
            if input.freeCapacity == 0 {
                let size = phase == .body ? BufferSize.large : .standard
                guard input.reserve(size.bytes, from: worker.loop.buffers) else { return fail(.malformed) }
            }
            switch stream.read(into: input, on: worker.loop.kernel) {
            case .bytes(let count):
                hasAnswer = true
                worker.tally.bytesReceived += UInt64(count)
                take()
            case .wouldBlock: break
            case .end: ended(.closedEarly)
            case .failed: ended(.reset)
            }
            guard isBusy else { return }
        }
        if input.isEmpty { input.release() }
        if stream.isReadable { worker.loop.resumeLater(self) }
    }

    private func take() {
        do throws(Refusal) {
            while phase == .head {
                guard try parseHead() else { return }
            }
            if try decodeBody() { finish() }
        } catch {
            fail(.malformed)
        }
    }

    /// True when a head was whole: the final one, or one before it.
    private func parseHead() throws(Refusal) -> Bool {
        let method = worker.plan.method
        let isWhole = try input.withBytes { bytes throws(Refusal) in
            try bytes.isEmpty ? false : response.parse(bytes, to: method)
        }
        guard isWhole else { return false }
        if response.isInterim {
            input.consume(response.count)
            response.reset()
            return true
        }
        // No upgrade was asked for.
        guard !response.isSwitchingProtocols else { throw .statusMalformed }
        input.withBytes { worker.tally.header?.count(response, in: $0) }
        input.consume(response.count)
        body = BodyDecoder(response.framing, limits: LoadLimits.responseBody)
        phase = .body
        return true
    }

    /// True when the answer is whole.
    private func decodeBody() throws(Refusal) -> Bool {
        var position = 0
        var data = 0
        var body = self.body
        try input.withBytes { bytes throws(Refusal) in
            while !body.isComplete {
                switch try body.next(in: bytes, from: &position) {
                case .data(let slice): data += Int(slice.count)
                case .trailer: continue
                case .needsMore, .end: return
                }
            }
        }
        self.body = body
        input.consume(position)
        worker.tally.bodyBytes += UInt64(data)
        return body.isComplete
    }

    private func ended(_ kind: FailureKind) {
        if phase == .body, kind == .closedEarly, (try? body.finish()) != nil { return finish() }
        fail(served > 0 && !hasAnswer ? .closedReused : kind)
    }

    private func finish() {
        let isWhole = written == worker.plan.mix.requests[request.index].bytes.count && output.isEmpty
        let isClean = input.isEmpty && isWhole && !stream.peerHasFinished
        if !input.isEmpty { worker.tally.surplus += 1 }
        input.release()
        phase = .idle
        served += 1
        worker.loop.setDeadline(.distantFuture, for: self)
        worker.answered(
            request, status: response.status, sent: sent, on: self, reusable: isClean && response.keepsAlive)
    }

    private func fail(_ kind: FailureKind) {
        worker.failed(kind, on: self)
    }
}
