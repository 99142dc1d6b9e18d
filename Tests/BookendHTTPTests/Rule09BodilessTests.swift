import BookendHTTP
import Testing

/// Rules 9 and 10: where a response ends.
@Suite struct Rule09BodilessTests {
    private func response(_ status: Int, _ fields: String, to method: BookendHTTP.Method = .get) throws
        -> ParsedResponse
    {
        try ParsedResponse("HTTP/1.1 \(status) X\r\n\(fields)\r\n", to: method)
    }

    @Test(arguments: [
        ("Content-Length: 5\r\n", "Content-Length: 5\r\n"), ("Transfer-Encoding: chunked\r\n", ""), ("", ""),
    ])
    func aResponseToHEADHasNoBodyAndKeepsItsLength(fields: String, written: String) throws {
        let response = try response(200, fields, to: .head)
        #expect(response.head.framing == .none)
        #expect(response.forwarded() == "HTTP/1.1 200 X\r\n\(written)\r\n")
    }

    @Test func a304HasNoBodyAndKeepsItsLength() throws {
        let response = try response(304, "Content-Length: 5\r\n")
        #expect(response.head.framing == .none)
        #expect(response.head.declaredLength == 5)
        #expect(response.forwarded() == "HTTP/1.1 304 X\r\nContent-Length: 5\r\n\r\n")
    }

    @Test(arguments: [100, 101, 204], ["Content-Length: 5\r\n", "Transfer-Encoding: chunked\r\n", ""])
    func a1xxAnd204HaveNoBodyAndNoFraming(status: Int, fields: String) throws {
        let response = try response(status, fields)
        #expect(response.head.framing == .none)
        #expect(response.forwarded() == "HTTP/1.1 \(status) X\r\n\r\n")
    }

    @Test func aFinalResponseIsFramedByCodingThenLengthThenClose() throws {
        #expect(try response(200, "Transfer-Encoding: chunked\r\n").head.framing == .chunked)
        #expect(try response(500, "Content-Length: 5\r\n").head.framing == .length(5))
        let open = try response(200, "Connection: keep-alive\r\n").head
        #expect(open.framing == .untilClose)
        #expect(!open.keepsAlive)
    }

    @Test func a2xxToCONNECTBeginsATunnel() throws {
        #expect(try response(200, "Content-Length: 5\r\n", to: .connect).head.framing == .none)
        #expect(try response(403, "Content-Length: 5\r\n", to: .connect).head.framing == .length(5))
    }

    @Test func surplusBytesAreNotTakenForTheBody() throws {
        let decoded = try decode("helloHTTP/1.1 200 OK", .length(5))
        #expect(decoded == DecodedBody(data: "hello", trailers: [], isComplete: true, rest: "HTTP/1.1 200 OK"))
        #expect(try decode("surplus", .none) == DecodedBody(data: "", trailers: [], isComplete: true, rest: "surplus"))
        #expect(try decode("surplus", .length(0)).rest == "surplus")
    }

    @Test func theEndOfTheConnectionEndsOnlyABodyWithoutAnyOtherEnd() throws {
        var open = BodyDecoder(.untilClose, limits: roomyBody)
        #expect(!open.isComplete)
        try open.finish()
        #expect(open.isComplete)
        for framing in [Framing.length(5), .chunked] {
            var decoder = BodyDecoder(framing, limits: roomyBody)
            #expect(throws: Refusal.bodyTruncated) { try decoder.finish() }
        }
    }

    @Test(arguments: ["5\r\nhel", "5\r\nhello\r\n", "0\r\n", "0\r\nA: b\r\n", "0\r\n\r"])
    func aChunkedBodyThatStopsShortIsTruncated(text: String) throws {
        var decoder = BodyDecoder(.chunked, limits: roomyBody)
        let bytes = Array(text.utf8)
        var position = 0
        while try decoder.next(in: bytes.span, from: &position) != .needsMore {}
        #expect(throws: Refusal.bodyTruncated) { try decoder.finish() }
    }
}
