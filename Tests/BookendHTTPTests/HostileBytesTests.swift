import BookendHTTP
import Testing

/// Nothing that arrives from the network stops the program.
@Suite struct HostileBytesTests {
    /// A small generator of its own, so that a failure can be repeated from its seed.
    private struct Bytes {
        var state: UInt64

        mutating func next(below bound: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(state >> 33) % bound
        }
    }

    private static let words = [
        "GET ", "POST ", "/", "http://", " HTTP/1.1\r\n", " HTTP/1.0\r\n", "HTTP/1.1 200 OK\r\n", "Host: a\r\n",
        "Content-Length: ", "99999999999999999999", "Transfer-Encoding: chunked\r\n", "Connection: close, x\r\n",
        "\r\n",
        "\r\n\r\n", "0\r\n", "ffffffffffffffff\r\n", ";", ":", ",", "[", "]:", "%", "\r", "\n", "\0", " ", "\t", "x",
    ]

    @Test(arguments: 0..<20)
    func wordsAndBytesAtRandom(seed: Int) {
        var random = Bytes(state: UInt64(seed) &* 0x9E37_79B9_7F4A_7C15)
        var request = RequestHead(limits: HeadLimits(bytes: 200, fields: 5, target: 40))
        var response = ResponseHead(limits: HeadLimits(bytes: 200, fields: 5, target: 40))
        for _ in 0..<200 {
            var bytes: [UInt8] = []
            for _ in 0..<random.next(below: 20) {
                if random.next(below: 4) == 0 {
                    bytes.append(UInt8(random.next(below: 256)))
                } else {
                    bytes += Self.words[random.next(below: Self.words.count)].utf8
                }
            }
            request.reset()
            if (try? request.parse(bytes.span)) == true { write(request, bytes) }
            response.reset()
            _ = try? response.parse(bytes.span, to: .get)
            var decoder = BodyDecoder(.chunked, limits: BodyLimits(extensions: 9, trailers: 30, trailerFields: 2))
            var position = 0
            while let event = try? decoder.next(in: bytes.span, from: &position), event != .needsMore, event != .end {}
            #expect(position <= bytes.count)
        }
    }

    private func write(_ head: RequestHead, _ bytes: [UInt8]) {
        _ = text(capacity: head.encodedBound) { output in
            head.writeRequestLine(from: bytes.span, to: &output)
            head.writeFields(from: bytes.span, to: &output, dropping: [])
            output.appendField(for: head.framing)
            head.writeUpgrade(from: bytes.span, to: &output)
            output.appendEndOfHead()
        }
    }
}
