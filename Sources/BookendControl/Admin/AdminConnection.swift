import BookendCore
import BookendHTTP
import BookendLoop
import Foundation

/// One request to the admin API and its answer; then the connection closes. A stream of events goes on until one side
/// leaves.
///
/// - `reading` → `asked`, over (too slow, or gone)
/// - `asked` → `answering`, `streaming`, over (no answer)
/// - `answering` → `lingering`, over
/// - `streaming` → `lingering`, over
/// - `lingering` → over
final class AdminConnection: EventSource {
    private enum Stage { case reading, asked, answering, streaming, lingering, over }

    private static let limits = HeadLimits(bytes: 16_384, fields: 64, target: 4_096)
    /// For a whole request, and again for its whole answer.
    private static let patience = TimeSpan.seconds(10)
    /// For an answer that is not known yet: names are resolved, or a disk is written, meanwhile.
    private static let later = TimeSpan.seconds(60)
    /// Of a request: a report has some hundred bytes.
    private static let largestBody = 16_384
    /// So often a stream without events says that it lives, and so long nothing of it may be taken.
    private static let heartbeat = TimeSpan.seconds(15)
    /// Of a stream, in the kernel for a subscriber that does not read.
    private static let mostUnread: Int32 = 32_768
    /// After the answer to a request that was not read to its end.
    private static let lingering = TimeSpan.seconds(2)
    /// That nobody asked for, and that are read to throw them away.
    private static let mostDiscarded = 262_144

    let stream: ByteStream
    private let listener: AdminListener
    private let input = Buffer()
    private let output = Buffer()
    /// The part of the answer that is not in `output` yet: the report of a large fleet does not fit at once.
    private var rest: ArraySlice<UInt8> = []
    private var request = RequestHead(limits: limits)
    private var stage = Stage.reading
    /// The request was read to its end, and no byte more.
    private var isWhole = false
    private var subscription: EventSubscription?
    /// Something of the stream was taken since the last heartbeat.
    private var hasMoved = true
    private var discarded = 0

    init(_ descriptor: consuming FileDescriptor, of listener: AdminListener) {
        stream = ByteStream(descriptor)
        self.listener = listener
        super.init()
    }

    private var loop: Loop { listener.loop }
    private var events: EventStream { listener.plane.events }
    /// It has not asked anything yet, or has its answer.
    var mayBeGivenUp: Bool { stage == .reading || stage == .lingering }

    func start() {
        loop.setDeadline(loop.now + Self.patience, for: self)
    }

    override func ready(_ readiness: Readiness) {
        stream.note(readiness)
        switch stage {
        case .reading: read()
        case .answering: write()
        case .streaming:
            discard()
            if stage == .streaming { write() }
        case .lingering: discard()
        case .asked, .over: break
        }
    }

    /// There are events.
    override func resumed() {
        if stage == .streaming { write() }
    }

    override func deadlinePassed() {
        guard stage == .streaming else { return close() }
        let waits = !rest.isEmpty || !output.isEmpty
        guard hasMoved || !waits else {
            events.say("a subscriber of events is dropped: it took nothing for \(Self.heartbeat)")
            return close()
        }
        hasMoved = false
        loop.setDeadline(loop.now + Self.heartbeat, for: self)
        if !waits { rest = Array(": still here\n\n".utf8)[...] }
        write()
    }

    func close() {
        guard stage != .over else { return }
        stage = .over
        if subscription != nil { events.unsubscribe(self) }
        loop.remove(self)
        listener.closed(self)
    }
}

// MARK: - The request

extension AdminConnection {
    private func read() {
        while stream.isReadable {
            if input.freeCapacity == 0, !input.reserve(BufferSize.standard.bytes, from: loop.buffers) { return close() }
            switch stream.read(into: input, on: loop.kernel) {
            case .bytes:
                if takeRequest() { return }
            case .wouldBlock: return
            case .end, .failed: return close()
            }
        }
    }

    /// False while the request is not whole. What is refused is refused by its head alone.
    private func takeRequest() -> Bool {
        do throws(Refusal) {
            guard try input.withBytes({ bytes throws(Refusal) in try request.parse(bytes) }) else { return false }
        } catch {
            return begin(.problem(error.status, "\(error.reason)"))
        }
        var asked = input.withBytes { AdminRequest(request, $0, at: loop.now) }
        if let refusal = listener.gate.refusal(of: asked) { return begin(refusal) }
        let length: UInt64
        switch request.framing {
        case .none: length = 0
        case .length(let bytes): length = bytes
        case .chunked, .untilClose: return begin(.problem(411, "send a Content-Length"))
        }
        guard length <= Self.largestBody else {
            return begin(.problem(413, "a body of \(Self.largestBody) bytes at most is taken"))
        }
        let end = request.count + Int(length)
        guard input.count >= end else {
            request.reset()
            return false
        }
        isWhole = input.count == end
        asked.body = input.withBytes { bytes in Data((request.count..<end).map { bytes[$0] }) }
        stage = .asked
        loop.setDeadline(loop.now + Self.later, for: self)
        AdminRoutes.answer(asked, listener.plane) { [weak self] answer in
            // Whoever asked may have gone meanwhile.
            guard let self, stage == .asked else { return }
            _ = begin(answer)
        }
        return true
    }
}

// MARK: - The answer

extension AdminConnection {
    /// - Returns: true: the request has its answer.
    private func begin(_ answer: AdminAnswer) -> Bool {
        let hasBody = request.method != .head
        rest = answer.bytes(hasBody: hasBody)[...]
        input.release()
        if case .events(let id) = answer.content, hasBody {
            stage = .streaming
            stream.limitUnread(to: Self.mostUnread)
            subscription = events.subscribe(self, after: id)
            loop.setDeadline(loop.now + Self.heartbeat, for: self)
        } else {
            stage = .answering
            loop.setDeadline(loop.now + Self.patience, for: self)
        }
        write()
        return true
    }

    private func write() {
        while fill() {
            switch stream.write(output, on: loop.kernel) {
            case .bytes: hasMoved = true
            case .wouldBlock: return
            case .end, .failed: return close()
            }
        }
        if stage == .answering || subscription?.isOver == true { linger() }
    }

    /// Puts the next piece of the answer into `output`; false when there is none.
    private func fill() -> Bool {
        if !output.isEmpty { return true }
        if rest.isEmpty, let more = subscription?.next(in: events.ring) { rest = more[...] }
        if rest.isEmpty, let number = subscription?.wanted() { readJournal(after: number) }
        guard !rest.isEmpty else { return false }
        let piece = Array(rest.prefix(BufferSize.large.bytes))
        guard output.reserve(piece.count, from: loop.buffers) else { return false }
        output.append { $0.append(piece.span) }
        rest = rest.dropFirst(piece.count)
        return true
    }

    /// What a subscriber missed before the ring begins.
    private func readJournal(after number: Int64) {
        events.read(after: number) { [weak self] page in
            guard let self, stage == .streaming else { return }
            subscription?.take(page, events.ring)
            loop.resumeLater(self)
        }
    }

    /// What the client still sends is read and thrown away: a close with unread bytes would be a reset, and the answer
    /// lost with it (RFC 9112, section 9.6).
    private func linger() {
        stream.shutdownWrite(on: loop.kernel)
        guard !isWhole else { return close() }
        stage = .lingering
        loop.setDeadline(loop.now + Self.lingering, for: self)
        discard()
    }

    private func discard() {
        while stream.isReadable {
            input.release()
            guard discarded < Self.mostDiscarded, input.reserve(BufferSize.standard.bytes, from: loop.buffers) else {
                return close()
            }
            switch stream.read(into: input, on: loop.kernel) {
            case .bytes(let count): discarded += count
            case .wouldBlock: return input.release()
            case .end, .failed: return close()
            }
        }
        input.release()
    }
}
