import BookendHTTP
import Testing

/// A message means the same, and is refused for the same reason, however its bytes are cut.
@Suite struct SplitAnywhereTests {
    static let requests = [
        "\r\nGET /a?b=c HTTP/1.1\r\nHost: a:80\r\nConnection: close, X\r\nX: 1\r\nAccept-Language:\t en-GB \r\n\r\nrest",
        "POST http://example.com:8080/path?query HTTP/1.1\r\nHost: b\r\nTransfer-Encoding: chunked\r\nTE: trailers\r\n\r\n",
        "GET / HTTP/1.0\r\n\r\n", "OPTIONS * HTTP/1.1\r\nHost: [::1]\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\nBad Name: x\r\n\r\n", "GET / HTTP/1.1\r\nHost: a\r\nX: a\0b\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\n folded\r\n\r\n", "GET / HTTP/1.7\r\n\r\n", "GET /#x HTTP/1.1\r\n\r\n",
        "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "\u{16}\u{3}\u{1}", "CONNECT a:443 HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\n", "GET /\r\n",
        "GET / HTTP/1.1\r\r\n",
        "GET / HTTP/1.1\r\nA: 1\r\nB: 2\r\nC: 3\r\nD: 4\r\nE: 5\r\nF: 6\r\nG: 7\r\nHost: a\r\n\r\n",
        "GET /" + String(repeating: "x", count: 99) + " HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\nX: " + String(repeating: "x", count: 300) + "\r\n\r\n",
    ]

    static let responses = [
        "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nConnection: keep-alive\r\n\r\nhello", "HTTP/1.0 404\r\n\r\n",
        "HTTP/1.1 99 X\r\n\r\n", "HTTP/1.1 200 O\0K\r\n\r\n", "HTTP/2.0 200 OK\r\n\r\n",
        "HTTP/1.1 200 OK\r\n: x\r\n\r\n",
    ]

    private let limits = HeadLimits(bytes: 300, fields: 7, target: 90)

    @Test(arguments: requests)
    func aRequestHead(text: String) {
        let bytes = Array(text.utf8)
        let whole = request(bytes, cutAt: [bytes.count])
        #expect(request(bytes, cutAt: Array(1...bytes.count)) == whole)
        for cut in 0..<bytes.count { #expect(request(bytes, cutAt: [cut, bytes.count]) == whole) }
    }

    @Test(arguments: responses)
    func aResponseHead(text: String) {
        let bytes = Array(text.utf8)
        let whole = response(bytes, cutAt: [bytes.count])
        #expect(response(bytes, cutAt: Array(1...bytes.count)) == whole)
        for cut in 0..<bytes.count { #expect(response(bytes, cutAt: [cut, bytes.count]) == whole) }
    }

    @Test(arguments: [
        "5\r\nhello\r\n0\r\n\r\nrest", "a;x=y\r\n0123456789\r\n0\r\nA: b\r\nHost: x\r\n\r\n", "0\r\n\r\n",
    ])
    func aBody(text: String) throws {
        let whole = try decode(text)
        for size in 1...text.utf8.count { #expect(try decode(text, piecesOf: size) == whole) }
    }

    /// Dripping in a large head costs as much as its bytes, not their square: a parser that began anew at each call would
    /// look at 80 thousand million bytes here, and take minutes.
    @Test(.timeLimit(.minutes(1))) func aDrippedHeadIsLinear() throws {
        let value = String(repeating: "x", count: 400_000)
        let bytes = Array("GET / HTTP/1.1\r\nHost: a\r\nX: \(value)\r\n\r\n".utf8)
        var head = RequestHead(limits: HeadLimits(bytes: 1 << 20, fields: 10, target: 10))
        for count in 0..<bytes.count where try head.parse(bytes.span.extracting(first: count)) {
            Issue.record("whole too early")
        }
        #expect(try head.parse(bytes.span))
    }

    /// Everything that can be said of a head, as text.
    private func request(_ bytes: [UInt8], cutAt counts: [Int]) -> String {
        var head = RequestHead(limits: limits)
        for count in counts {
            do throws(Refusal) {
                guard try head.parse(bytes.span.extracting(first: count)) else { continue }
                return "\(head.count) \(head.method) \(head.target) \(head.path) \(head.host) \(head.hostName) "
                    + "\(head.version) \(head.framing) \(head.keepsAlive) \(head.fields)"
            } catch { return "\(error)" }
        }
        return "incomplete"
    }

    private func response(_ bytes: [UInt8], cutAt counts: [Int]) -> String {
        var head = ResponseHead(limits: limits)
        for count in counts {
            do throws(Refusal) {
                guard try head.parse(bytes.span.extracting(first: count), to: .get) else { continue }
                return "\(head.count) \(head.status) \(head.reason) \(head.version) \(head.framing) \(head.fields)"
            } catch { return "\(error)" }
        }
        return "incomplete"
    }
}
