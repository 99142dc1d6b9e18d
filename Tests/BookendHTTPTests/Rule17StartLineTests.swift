import BookendHTTP
import Testing

/// Rule 17: start lines, and bytes that are no HTTP/1.
@Suite struct Rule17StartLineTests {
    private func line(_ text: String) -> String { "\(text)\r\nHost: a\r\n\r\n" }

    @Test func aTLSHelloIsRefusedAtItsFirstByte() {
        #expect(refusal("\u{16}") == .tlsHello)
        #expect(refusal("\u{16}\u{3}\u{1}\u{2}\0") == .tlsHello)
    }

    @Test(arguments: ["PRI *", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"])
    func anHTTP2PrefaceIsRefusedAsSoonAsItShows(text: String) {
        #expect(refusal(text) == .http2Preface)
    }

    @Test(arguments: ["\0", " ", "\u{80}", "{", "GET\t/", "G:", "\""])
    func whatCannotBeAMethodIsRefusedAtOnce(text: String) {
        #expect(refusal(text) == .methodInvalid)
    }

    @Test(arguments: ["GET  / HTTP/1.1", "GET\r\n", "GET  "])
    func anEmptyTargetIsRefused(text: String) {
        #expect(refusal(line(text)) == .targetEmpty)
    }

    @Test(arguments: ["/a\tb", "/a#b", "/#", "/\0", "/\u{7F}", "http://a/#b"])
    func aTargetHasNoControlByteOrFragment(target: String) {
        #expect(refusal("GET \(target)") == .targetInvalid)
    }

    @Test(arguments: Array(0...255) as [UInt8])
    func aTargetMayHoldAnyOtherByte(byte: UInt8) {
        // Wherever in a word the byte stands; a space ends the target and leaves a malformed version.
        for padding in 0..<17 {
            let target = [UInt8](repeating: UInt8(ascii: "x"), count: padding) + [byte] + Array("yyyyyyyyyyyyyyyy".utf8)
            let bytes = Array("GET /".utf8) + target + Array(" HTTP/1.1\r\nHost: a\r\n\r\n".utf8)
            var head = RequestHead(limits: roomy)
            let isAccepted = (try? head.parse(bytes.span)) == true
            #expect(isAccepted == (byte > 0x20 && byte != 0x7F && byte != UInt8(ascii: "#")))
        }
    }

    @Test(arguments: ["GET / HTTP/1.1 ", "GET /  HTTP/1.1", "GET / a HTTP/1.1", "GET / HTTP/1.1\t"])
    func thereIsOneSpaceBetweenTheParts(text: String) {
        #expect(refusal(line(text)) == .versionMalformed)
    }

    @Test(arguments: ["http/1.1", "HTTP/1", "HTTP/1.", "HTTP/11", "HTTP/1.1x", "HTTP/1,1", "HTP/1.1", "HTTP/+1.1", "X"])
    func aMalformedVersionIsRefused(version: String) {
        #expect(refusal(line("GET / \(version)")) == .versionMalformed)
    }

    @Test(arguments: ["0.9", "1.2", "2.0", "9.9", "3.1"])
    func anotherVersionIs505(version: String) {
        #expect(refusal(line("GET / HTTP/\(version)")) == .versionUnsupported)
        #expect(Refusal.versionUnsupported.status == 505)
    }

    @Test func http09IsRefused() {
        #expect(refusal("GET /\r\n") == .versionMissing)
    }

    @Test func aStatusLineMayLackItsReason() throws {
        for (line, reason) in [("200 OK", "OK"), ("200 ", ""), ("200", ""), ("200 Très bien", "Très bien")] {
            let response = try ParsedResponse("HTTP/1.1 \(line)\r\n\r\n")
            #expect(response.head.status == 200)
            #expect(response[response.head.reason] == reason)
            #expect(response.forwarded() == "HTTP/1.1 200 \(reason)\r\n\r\n")
        }
    }

    @Test(arguments: ["099", "20", "2000", "2x0", "-20", " 200", "20 OK", "000"])
    func aStatusHasThreeDigitsFrom100On(status: String) {
        #expect(refusal(ofResponse: "HTTP/1.1 \(status)\r\n\r\n") == .statusMalformed.asBadGateway)
    }

    @Test(arguments: ["HTTP/2.0 200 OK", "HTTP/0.9 200 OK"])
    func aServerSpeaksHTTP1(line: String) {
        #expect(refusal(ofResponse: line) == .versionUnsupported.asBadGateway)
    }

    @Test(arguments: ["SSH-2.0-OpenSSH", "\r\nHTTP/1.1 200 OK", "ICY 200 OK", "HTTP/1.1-200"])
    func whatIsNoResponseIsRefusedAtOnce(text: String) {
        #expect(refusal(ofResponse: text) == .versionMalformed.asBadGateway)
    }
}
