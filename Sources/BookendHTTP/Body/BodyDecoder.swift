/// Finds a body's data and its end, whatever pieces it arrives in.
///
/// Keeps no bytes: a chunk's size line may be split anywhere, and data is given out as it lies in the caller's buffer.
/// Only a trailer line has to be whole there.
public struct BodyDecoder: Sendable {
    /// The next thing in a body. Slices are offsets into the bytes given to `next`.
    public enum Event: Equatable, Sendable {
        /// Nothing is left but, at most, the beginning of a trailer line: keep the bytes from `position` on.
        case needsMore
        case data(Slice)
        /// A trailer that may be passed on: the line without its CR LF and the white space before it.
        case trailer(Slice)
        /// The body is complete; `position` is where the next message begins.
        case end
    }

    private var stage: Stage
    /// Bytes to come of the body or of the chunk.
    private var remaining: UInt64 = 0
    private var size = ChunkSize()
    private var trailers: Trailers
    /// Bytes of chunk extensions that may still come.
    private var extensionBudget: Int

    private enum Stage: UInt8 { case counted, open, size, chunk, chunkEnd, chunkEndLineFeed, trailers, done }

    public init(_ framing: Framing, limits: BodyLimits) {
        trailers = Trailers(limits)
        extensionBudget = limits.extensions
        switch framing {
        case .none, .length(0): stage = .done
        case .length(let length):
            stage = .counted
            remaining = length
        case .chunked: stage = .size
        case .untilClose: stage = .open
        }
    }

    /// The whole body has been seen. Never true of `untilClose` before `finish`.
    public var isComplete: Bool { stage == .done }

    /// The next thing in `bytes` at or after `position`, which moves past it. Never goes past the message's end.
    ///
    /// - Throws: why the body is refused (rules 2 and 3). The decoder is of no use then.
    public mutating func next(in bytes: Span<UInt8>, from position: inout Int) throws(Refusal) -> Event {
        let bytes = bytes.extracting(first: min(bytes.count, Int(UInt32.max)))
        while stage != .done {
            guard position < bytes.count else { return .needsMore }
            switch stage {
            case .counted, .chunk: return .data(takeData(bytes, &position))
            case .open:
                let start = position
                position = bytes.count
                return .data(Slice(start, position))
            case .size: try readSize(bytes, &position)
            case .chunkEnd, .chunkEndLineFeed: try readChunkEnd(bytes[position], &position)
            case .trailers:
                let event = try trailers.next(in: bytes, from: &position)
                if event == .end { stage = .done }
                return event
            case .done: break
            }
        }
        return .end
    }

    /// The sender closed the connection.
    ///
    /// - Throws: `bodyTruncated` unless that is how the body ends, or it had ended before (rule 10).
    public mutating func finish() throws(Refusal) {
        guard stage == .open || stage == .done else { throw .bodyTruncated }
        stage = .done
    }

    private mutating func takeData(_ bytes: Span<UInt8>, _ position: inout Int) -> Slice {
        let start = position
        let count = min(remaining, UInt64(bytes.count &- start))
        remaining &-= count
        position = start &+ Int(count)
        if remaining == 0 { stage = stage == .chunk ? .chunkEnd : .done }
        return Slice(start, position)
    }

    private mutating func readSize(_ bytes: Span<UInt8>, _ position: inout Int) throws(Refusal) {
        while position < bytes.count {
            let isWhole = try size.take(bytes[position], budget: &extensionBudget)
            position &+= 1
            guard isWhole else { continue }
            remaining = size.value
            stage = remaining == 0 ? .trailers : .chunk
            size = ChunkSize()
            return
        }
    }

    private mutating func readChunkEnd(_ byte: UInt8, _ position: inout Int) throws(Refusal) {
        if stage == .chunkEnd {
            guard byte == .carriageReturn else { throw .chunkEndMissing }
            stage = .chunkEndLineFeed
        } else {
            guard byte == .lineFeed else { throw .bareCarriageReturn }
            stage = .size
        }
        position &+= 1
    }
}
