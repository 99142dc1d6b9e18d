import BookendHTTP
import Testing

/// Rule 3: chunks and trailers.
@Suite struct Rule03ChunkTests {
    @Test(arguments: [1, 2, 3, 5, 7, 1000])
    func aChunkedBodyIsItsDataWhateverThePieces(size: Int) throws {
        let text = "5\r\nhello\r\n1;ext=\"x;y\"\r\n \r\n00005\r\nworld\r\n0\r\nSum: 1 \r\nOther:\t2\r\n\r\nGET /"
        #expect(
            try decode(text, piecesOf: size)
                == DecodedBody(
                    data: "hello world", trailers: ["Sum: 1", "Other:\t2"], isComplete: true, rest: "GET /"))
    }

    @Test(arguments: ["", "g", "-1", "+1", "0x1", " 1", "1 ", "1\t", ";x"])
    func aMalformedSizeIsRefused(size: String) {
        #expect(refusal(ofChunks: "\(size)\r\na\r\n0\r\n\r\n") == .chunkSizeMalformed)
    }

    @Test(arguments: [
        "8000000000000000", "ffffffffffffffff", "10000000000000000", "fffffffffffffffff", "00000000000000001",
    ])
    func aSizeThatDoesNotFitIsRefused(size: String) {
        #expect(refusal(ofChunks: "\(size)\r\n") == .chunkSizeTooLarge)
    }

    @Test func theLargestSizeFits() throws {
        #expect(refusal(ofChunks: "7fffffffffffffff\r\nabc") == nil)
        #expect(try decode("7fffffffffffffff\r\nabc").data == "abc")
    }

    @Test(arguments: ["1\na\r\n0\r\n\r\n", "1;x\na\r\n0\r\n\r\n", "0\n\r\n"])
    func aBareLineFeedInASizeLineIsRefused(text: String) {
        #expect(refusal(ofChunks: text) == .bareLineFeed)
    }

    @Test(arguments: ["1\rXa\r\n", "1;x\rXa", "0\r\r\n", "1\r\na\rX"])
    func aBareCarriageReturnIsRefused(text: String) {
        #expect(refusal(ofChunks: text) == .bareCarriageReturn)
    }

    @Test(arguments: ["1\r\nab\r\n", "1\r\na\n0\r\n\r\n", "1\r\na0\r\n\r\n"])
    func dataThatGoesOnBeyondItsSizeIsRefused(text: String) {
        #expect(refusal(ofChunks: text) == .chunkEndMissing)
    }

    @Test func aControlByteInAnExtensionIsRefused() {
        #expect(refusal(ofChunks: "1;a\0\r\na\r\n") == .chunkExtensionInvalid)
    }

    @Test func extensionsAreBoundedOverAllChunksTogether() throws {
        let limits = BodyLimits(extensions: 8, trailers: 100, trailerFields: 5)
        #expect(try decode("1;abcd\r\nx\r\n1;abcd\r\ny\r\n0\r\n\r\n", limits: limits).data == "xy")
        #expect(refusal(ofChunks: "1;abcd\r\nx\r\n1;abcde\r\ny\r\n", limits: limits) == .chunkExtensionsTooLong)
    }

    @Test func trailersAreBoundedInBytesAndInNumber() throws {
        let limits = BodyLimits(extensions: 8, trailers: 12, trailerFields: 2)
        #expect(try decode("0\r\nA: b\r\nC: d\r\n\r\n", limits: limits).trailers == ["A: b", "C: d"])
        #expect(refusal(ofChunks: "0\r\nA: b\r\nC: de\r\n\r\n", limits: limits) == .trailersTooLarge)
        #expect(refusal(ofChunks: "0\r\nA:\r\nB:\r\nC:\r\n\r\n", limits: limits) == .trailersTooLarge)
        #expect(refusal(ofChunks: "0\r\nA: never ending", limits: limits) == .trailersTooLarge)
    }

    @Test func aDroppedTrailerCountsToo() {
        let limits = BodyLimits(extensions: 8, trailers: 12, trailerFields: 2)
        #expect(refusal(ofChunks: "0\r\nHost: abcdef\r\n\r\n", limits: limits) == .trailersTooLarge)
    }

    @Test(arguments: [
        ("A : b", Refusal.spaceBeforeColon), (": b", .fieldNameEmpty), (" b", .foldedLine), ("A", .colonMissing),
        ("A: b\0", .valueInvalid), ("A: b\nC: d", .bareLineFeed), ("A: b\rC: d", .bareCarriageReturn),
    ])
    func trailersHaveTheGrammarOfFields(line: String, expected: Refusal) {
        #expect(refusal(ofChunks: "0\r\n\(line)\r\n\r\n") == expected)
    }

    /// Tomcat CVE-2023-46589.
    @Test(arguments: [
        "Content-Length", "Transfer-Encoding", "Host", "Connection", "Trailer", "TE", "Upgrade", "Expect",
        "Authorization", "Cookie", "Set-Cookie", "X-Forwarded-For", "Forwarded", "Content-Type", "Cache-Control",
    ])
    func trailersThatFrameRouteOrAuthenticateAreDropped(name: String) throws {
        let decoded = try decode("0\r\n\(name): 1\r\n\(name.uppercased()): 2\r\nKept: 3\r\n\r\n")
        #expect(decoded.trailers == ["Kept: 3"])
    }

    @Test func whatIsEncodedDecodesToTheSame() throws {
        let encoded = text(capacity: 200) { output in
            for piece in ["a", "some more", String(repeating: "x", count: 17)] {
                output.appendChunkHeader(UInt64(piece.utf8.count))
                output.append(piece.utf8.span)
                output.appendChunkEnd()
            }
            output.appendLastChunk()
            output.appendTrailer(Slice(start: 1, count: 4), of: Array("!A: b!".utf8).span)
            output.appendEndOfBody()
        }
        #expect(encoded.hasPrefix("1\r\na\r\n9\r\nsome more\r\n11\r\nxx"))
        let decoded = try decode(encoded)
        #expect(decoded.data == "asome more" + String(repeating: "x", count: 17))
        #expect(decoded.trailers == ["A: b"])
        #expect(decoded.isComplete)
    }
}
