import BookendHTTP
import Testing

/// Rule 13: requests that arrive together are told apart.
@Suite struct Rule13PipeliningTests {
    @Test func theSecondRequestBeginsWhereTheFirstEnds() throws {
        let first = "POST /1 HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc"
        let bytes = Array((first + "\r\nGET /2 HTTP/1.1\r\nHost: b\r\n\r\n").utf8)
        var head = RequestHead(limits: roomy)
        #expect(try head.parse(bytes.span))
        var position = head.count
        var body = BodyDecoder(head.framing, limits: roomyBody)
        #expect(try body.next(in: bytes.span, from: &position) == .data(Slice(start: UInt32(head.count), count: 3)))
        #expect(try body.next(in: bytes.span, from: &position) == .end)
        #expect(position == first.utf8.count)
        head.reset()
        let rest = Array(bytes[position...])
        #expect(try head.parse(rest.span))
        #expect(String(decoding: rest[head.target.range], as: UTF8.self) == "/2")
        #expect(head.count == rest.count)
    }

    @Test func aMalformedSecondRequestDoesNoHarmToTheFirst() throws {
        let request = try ParsedRequest("GET /1 HTTP/1.1\r\nHost: a\r\n\r\n\0\0 nonsense")
        #expect(request[request.head.target] == "/1")
    }

    @Test func aReusedHeadRemembersNothing() throws {
        var head = RequestHead(limits: roomy)
        let rich = Array(
            ("POST http://b/x HTTP/1.0\r\nHost: a\r\nConnection: keep-alive, X\r\nX: 1\r\nContent-Length: 5\r\n"
                + "Expect: 100-continue\r\nUpgrade: y\r\n\r\n").utf8)
        let plain = Array("GET / HTTP/1.1\r\nHost: a\r\n\r\n".utf8)
        #expect(try head.parse(rich.span))
        head.reset()
        #expect(throws: Refusal.self) { try head.parse(Array("nonsense\r\n".utf8).span) }
        head.reset()
        #expect(try head.parse(plain.span))
        #expect(head.framing == .none && head.keepsAlive && !head.isAbsoluteForm && head.fields.count == 1)
        #expect(head.value(of: .expect) == nil && head.value(of: .upgrade) == nil)
        #expect(String(decoding: plain[head.host.range], as: UTF8.self) == "a")
    }

    @Test func aFewEmptyLinesBeforeARequestAreSkippedAndCounted() throws {
        let request = try ParsedRequest("\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n")
        #expect(request.head.count == request.bytes.count)
        #expect(refusal(String(repeating: "\r\n", count: 5)) == .methodInvalid)
    }
}
