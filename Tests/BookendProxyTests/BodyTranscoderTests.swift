import BookendCore
import BookendHTTP
import Testing

@testable import BookendProxy

@Suite("Bodies from one framing into another")
struct BodyTranscoderTests {
    /// Feeds the bytes in random pieces, as relays do; checks the bound that buffers are sized by.
    private func run(
        _ bytes: [UInt8], _ source: Framing, _ sink: Framing, seed: UInt64, limit: UInt64 = .max
    ) throws -> (output: [UInt8], body: UInt64) {
        var transcoder = BodyTranscoder(source, leavingAs: sink, limit: limit)
        var random = SeededRandom(seed: seed)
        var output: [UInt8] = []
        var waiting: [UInt8] = []
        var rest = bytes[...]
        while !transcoder.isComplete, !rest.isEmpty {
            let piece = rest.prefix(Int.random(in: 1...50, using: &random))
            waiting += piece
            rest = rest.dropFirst(piece.count)
            let bound = transcoder.bound(for: waiting.count)
            var taken = 0
            output += try [UInt8](capacity: bound) { space in
                taken = try transcoder.transcode(waiting.span, into: &space)
            }
            waiting.removeFirst(taken)
        }
        if source == .untilClose {
            output += try [UInt8](capacity: transcoder.bound(for: 0)) { try transcoder.finish(into: &$0) }
        }
        return (output, transcoder.bodyBytes)
    }

    private func chunked(_ body: [UInt8], seed: UInt64, trailer: String = "") -> [UInt8] {
        var random = SeededRandom(seed: seed)
        var result: [UInt8] = []
        var rest = body[...]
        while !rest.isEmpty {
            let piece = rest.prefix(Int.random(in: 1...90, using: &random))
            result += Array("\(String(piece.count, radix: 16));x=y\r\n".utf8) + piece + Array("\r\n".utf8)
            rest = rest.dropFirst(piece.count)
        }
        return result + Array("0\r\n\(trailer)\r\n".utf8)
    }

    private let body = (0..<3_000).map { UInt8(truncatingIfNeeded: $0 &* 7) }

    @Test("Chunks come out as the same bytes, with a length, until the close, or in chunks again", arguments: 0..<30)
    func fromChunks(seed: UInt64) throws {
        let plain = try run(chunked(body, seed: seed), .chunked, .untilClose, seed: seed)
        #expect(plain.output == body && plain.body == 3_000)
        let again = try run(chunked(body, seed: seed), .chunked, .chunked, seed: seed + 1)
        #expect(try run(again.output, .chunked, .untilClose, seed: seed + 2).output == body)
    }

    @Test("What ends with its connection goes out in chunks that end", arguments: 0..<10)
    func untilClose(seed: UInt64) throws {
        let chunks = try run(body, .untilClose, .chunked, seed: seed)
        #expect(chunks.output.suffix(5) == Array("0\r\n\r\n".utf8)[...])
        #expect(try run(chunks.output, .chunked, .untilClose, seed: seed).output == body)
    }

    @Test("Trailers go on behind the last chunk, those that must not are dropped")
    func trailers() throws {
        let source = chunked([1, 2, 3], seed: 1, trailer: "Digest: abc\r\nContent-Length: 9\r\n")
        let output = try run(source, .chunked, .chunked, seed: 3).output
        let text = String(decoding: output, as: UTF8.self)
        #expect(text.hasSuffix("0\r\nDigest: abc\r\n\r\n"))
        #expect(!text.contains("Content-Length"))
    }

    @Test("A body beyond its limit is refused")
    func limit() {
        #expect(throws: Refusal.bodyTooLarge) {
            _ = try run(chunked(body, seed: 1), .chunked, .chunked, seed: 1, limit: 2_999)
        }
    }
}
