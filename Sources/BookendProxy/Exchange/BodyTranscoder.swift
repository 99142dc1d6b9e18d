import BookendHTTP

/// Takes a body out of one framing and puts it into another.
struct BodyTranscoder {
    private var decoder: BodyDecoder
    private let writesChunks: Bool
    private let limit: UInt64
    private var wroteLastChunk = false
    /// Whether bytes have to be copied: the body comes or leaves in chunks. Otherwise they go through as they are.
    let copies: Bool
    /// Bytes of the body so far, without framing.
    private(set) var bodyBytes: UInt64 = 0

    /// - Parameter limit: bytes that the body may have; beyond it is refused before any more of it goes on.
    init(_ source: Framing, leavingAs sink: Framing, limit: UInt64) {
        self.limit = limit
        decoder = BodyDecoder(source, limits: Limits.body)
        writesChunks = sink == .chunked
        copies = source == .chunked || sink == .chunked
    }

    var isComplete: Bool { decoder.isComplete }

    /// How many of the bytes belong to the body; they are taken as gone through.
    mutating func through(_ bytes: Span<UInt8>) throws(Refusal) -> Int {
        var position = 0
        guard case .data(let data) = try decoder.next(in: bytes, from: &position) else { return 0 }
        try count(data)
        return Int(data.count)
    }

    /// Room that `transcode` wants for that many bytes. A piece of data may be cut at either end, so the framing of two
    /// pieces comes on top; all others had framing of at least our length.
    func bound(for bytes: Int) -> Int {
        bytes + 2 * (Chunk.headerBound + Chunk.endBound) + Chunk.lastBound
    }

    /// Copies as much as is there. Gives the number of bytes taken; what is left is the beginning of a trailer line.
    mutating func transcode(_ bytes: Span<UInt8>, into output: inout OutputSpan<UInt8>) throws(Refusal) -> Int {
        var position = 0
        while true {
            switch try decoder.next(in: bytes, from: &position) {
            case .needsMore:
                return position
            case .data(let data):
                try count(data)
                if writesChunks { output.appendChunkHeader(UInt64(data.count)) }
                output.append(data, of: bytes)
                if writesChunks { output.appendChunkEnd() }
            case .trailer(let line):
                guard writesChunks else { continue }
                writeLastChunk(into: &output)
                output.appendTrailer(line, of: bytes)
            case .end:
                end(into: &output)
                return position
            }
            // A body of a known length ends without an event.
            if decoder.isComplete {
                end(into: &output)
                return position
            }
        }
    }

    /// The source was closed.
    mutating func finish(into output: inout OutputSpan<UInt8>) throws(Refusal) {
        try decoder.finish()
        end(into: &output)
    }

    private mutating func count(_ data: Slice) throws(Refusal) {
        bodyBytes += UInt64(data.count)
        guard bodyBytes <= limit else { throw .bodyTooLarge }
    }

    private mutating func end(into output: inout OutputSpan<UInt8>) {
        guard writesChunks else { return }
        writeLastChunk(into: &output)
        output.appendEndOfBody()
    }

    private mutating func writeLastChunk(into output: inout OutputSpan<UInt8>) {
        guard !wroteLastChunk else { return }
        wroteLastChunk = true
        output.appendLastChunk()
    }
}
