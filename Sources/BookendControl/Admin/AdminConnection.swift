import BookendCore
import BookendHTTP
import BookendLoop
import Foundation

/// One request on the admin socket and its answer; then the connection closes.
final class AdminConnection: EventSource {
    private static let limits = HeadLimits(bytes: 16_384, fields: 64, target: 4_096)
    private static let patience = TimeSpan.seconds(10)
    /// Of a request: a report has some hundred bytes.
    private static let largestBody = 16_384

    let stream: ByteStream
    private let fleet: FleetStatus
    private let journal: JournalRoute
    private let listener: AdminListener
    private let input = Buffer()
    private let output = Buffer()
    /// The part of the answer that is not in `output` yet: the report of a large fleet does not fit at once.
    private var rest: ArraySlice<UInt8> = []
    private var request = RequestHead(limits: limits)
    private var isAnswering = false
    /// The request is whole; its answer is still to come.
    private var isAsked = false
    private var isClosed = false

    init(
        _ descriptor: consuming FileDescriptor, _ fleet: FleetStatus, _ journal: JournalRoute,
        of listener: AdminListener
    ) {
        stream = ByteStream(descriptor)
        self.fleet = fleet
        self.journal = journal
        self.listener = listener
        super.init()
    }

    private var loop: Loop { listener.loop }

    override func ready(_ readiness: Readiness) {
        stream.note(readiness)
        loop.setDeadline(loop.now + Self.patience, for: self)
        if isAnswering { write() } else if !isAsked { read() }
    }

    override func deadlinePassed() {
        close()
    }

    private func read() {
        while stream.isReadable {
            if input.freeCapacity == 0, !input.reserve(BufferSize.standard.bytes, from: loop.buffers) { return close() }
            switch stream.read(into: input, on: loop.kernel) {
            case .bytes: if takeRequest() { return }
            case .wouldBlock: return
            case .end, .failed: return close()
            }
        }
    }

    private func takeRequest() -> Bool {
        do throws(Refusal) {
            guard try input.withBytes({ bytes throws(Refusal) in try request.parse(bytes) }) else { return false }
            return try ask()
        } catch {
            answer(.problem(error.status, "\(error.reason)"))
            return true
        }
    }

    /// False while the body is not whole.
    private func ask() throws(Refusal) -> Bool {
        let length: UInt64
        switch request.framing {
        case .none: length = 0
        case .length(let bytes): length = bytes
        case .chunked, .untilClose:
            answer(.problem(411, "send a Content-Length"))
            return true
        }
        guard length <= Self.largestBody else {
            answer(.problem(413, "a body of \(Self.largestBody) bytes at most is taken"))
            return true
        }
        guard input.count - request.count >= Int(length) else {
            request.reset()
            return false
        }
        let (path, target, body) = input.withBytes { bytes in
            (
                String(decoding: request.path.range.map { bytes[$0] }, as: UTF8.self),
                String(decoding: request.target.range.map { bytes[$0] }, as: UTF8.self),
                (request.count..<request.count + Int(length)).map { bytes[$0] }
            )
        }
        isAsked = true
        let query = target.split(separator: "?", maxSplits: 1).dropFirst().first.map(String.init) ?? ""
        AdminRoutes(fleet: fleet, journal: journal, now: loop.now)
            .answer(request.method, path, query: query, Data(body)) { [weak self] in self?.answer($0) }
        return true
    }

    private func answer(_ answer: AdminAnswer) {
        // Whoever asked may have gone meanwhile.
        guard !isAnswering, !isClosed else { return }
        rest = answer.bytes(hasBody: request.method != .head)[...]
        isAnswering = true
        write()
    }

    private func write() {
        while fill() {
            switch stream.write(output, on: loop.kernel) {
            case .bytes: continue
            case .wouldBlock: return
            case .end, .failed: return close()
            }
        }
        stream.shutdownWrite(on: loop.kernel)
        close()
    }

    /// Puts the next piece of the answer into `output`; false when all of it is written.
    private func fill() -> Bool {
        guard output.isEmpty, !rest.isEmpty else { return !output.isEmpty }
        let piece = Array(rest.prefix(BufferSize.large.bytes))
        guard output.reserve(piece.count, from: loop.buffers) else { return false }
        output.append { $0.append(piece.span) }
        rest = rest.dropFirst(piece.count)
        return true
    }

    private func close() {
        isClosed = true
        loop.remove(self)
        listener.closed()
    }
}
