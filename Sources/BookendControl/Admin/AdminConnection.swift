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
    private let listener: AdminListener
    private let input = Buffer()
    private let output = Buffer()
    /// The part of the answer that is not in `output` yet: the report of a large fleet does not fit at once.
    private var rest: ArraySlice<UInt8> = []
    private var request = RequestHead(limits: limits)
    private var isAnswering = false

    init(_ descriptor: consuming FileDescriptor, _ fleet: FleetStatus, of listener: AdminListener) {
        stream = ByteStream(descriptor)
        self.fleet = fleet
        self.listener = listener
        super.init()
    }

    private var loop: Loop { listener.loop }

    override func ready(_ readiness: Readiness) {
        stream.note(readiness)
        loop.setDeadline(loop.now + Self.patience, for: self)
        if isAnswering { write() } else { read() }
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
        let answer: AdminAnswer
        do throws(Refusal) {
            guard try input.withBytes({ bytes throws(Refusal) in try request.parse(bytes) }) else { return false }
            guard let given = try takeAnswer() else { return false }
            answer = given
        } catch {
            answer = .problem(error.status, "\(error.reason)")
        }
        rest = answer.bytes(hasBody: request.method != .head)[...]
        isAnswering = true
        write()
        return true
    }

    /// Nil while the body is not whole.
    private func takeAnswer() throws(Refusal) -> AdminAnswer? {
        let length: UInt64
        switch request.framing {
        case .none: length = 0
        case .length(let bytes): length = bytes
        case .chunked, .untilClose: return .problem(411, "send a Content-Length")
        }
        guard length <= Self.largestBody else {
            return .problem(413, "a body of \(Self.largestBody) bytes at most is taken")
        }
        guard input.count - request.count >= Int(length) else {
            request.reset()
            return nil
        }
        let (path, body) = input.withBytes { bytes in
            (
                String(decoding: request.path.range.map { bytes[$0] }, as: UTF8.self),
                (request.count..<request.count + Int(length)).map { bytes[$0] }
            )
        }
        return AdminRoutes(fleet: fleet, leases: fleet.desk, now: loop.now).answer(request.method, path, Data(body))
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
        loop.remove(self)
        listener.closed()
    }
}
