import BookendHTTP
import Testing

/// Rule 2: lines and fields follow the grammar to the letter.
@Suite struct Rule02GrammarTests {
    private func get(_ line: String) -> String { "GET / HTTP/1.1\r\nHost: a\r\n\(line)\r\n\r\n" }

    @Test(arguments: [
        "GET / HTTP/1.1\nHost: a\r\n\r\n", "GET / HTTP/1.1\r\nHost: a\n\r\n", "GET / HTTP/1.1\r\nHost: a\r\n\n",
        "\nGET / HTTP/1.1\r\nHost: a\r\n\r\n", "GET /\n", "GET\n",
    ])
    func aBareLineFeedIsRefused(text: String) {
        #expect(refusal(text) == .bareLineFeed || refusal(text) == .methodInvalid)
    }

    @Test(arguments: [
        "GET / HTTP/1.1\r\nHost: a\rX: b\r\n\r\n", "GET / HTTP/1.1\r\rHost: a\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\n\rX",
        "\rGET / HTTP/1.1\r\n\r\n",
    ])
    func aBareCarriageReturnIsRefused(text: String) {
        #expect(refusal(text) == .bareCarriageReturn)
    }

    @Test(arguments: [" folded", "\tfolded", " A: b", " "])
    func aFoldedLineIsRefused(line: String) {
        #expect(refusal(get("A: b\r\n\(line)")) == .foldedLine)
        #expect(refusal("GET / HTTP/1.1\r\n\(line)\r\nHost: a\r\n\r\n") == .foldedLine)
    }

    @Test(arguments: ["A : b", "A\t: b", "Content-Length : 5", "Transfer-Encoding : chunked"])
    func whiteSpaceBeforeTheColonIsRefused(line: String) {
        #expect(refusal(get(line)) == .spaceBeforeColon)
    }

    /// HAProxy CVE-2023-25725: an empty name cut the list of fields, and framing fields after it were not seen.
    @Test func anEmptyFieldNameIsRefused() {
        #expect(refusal(get(": b")) == .fieldNameEmpty)
        #expect(refusal(get(":\r\nContent-Length: 5")) == .fieldNameEmpty)
    }

    @Test(arguments: Array(0...255) as [UInt8])
    func aNameMayHoldTokenBytesOnly(byte: UInt8) {
        let token = "!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
        guard byte != UInt8(ascii: ":") else { return }
        // Wherever in a word the byte stands.
        for padding in 0..<17 {
            let name = [UInt8](repeating: UInt8(ascii: "x"), count: padding) + [byte] + Array("yyyyyyyyyyyyyyyyyy".utf8)
            let bytes = Array("GET / HTTP/1.1\r\nHost: a\r\nA".utf8) + name + Array(": b\r\n\r\n".utf8)
            #expect(accepts(bytes) == token.utf8.contains(byte))
        }
    }

    @Test(arguments: Array(0...255) as [UInt8])
    func aValueMayHoldAnythingButControlBytes(byte: UInt8) {
        for padding in 0..<17 {
            let value =
                [UInt8](repeating: UInt8(ascii: "x"), count: padding) + [byte] + Array("yyyyyyyyyyyyyyyyyy".utf8)
            let bytes = Array("GET / HTTP/1.1\r\nHost: a\r\nA: ".utf8) + value + Array("\r\n\r\n".utf8)
            #expect(accepts(bytes) == (byte == 0x09 || (byte >= 0x20 && byte != 0x7F)))
        }
    }

    @Test func aLineWithoutAColonIsRefused() {
        #expect(refusal(get("Nonsense")) == .colonMissing)
    }

    @Test func anEmptyValueAndWhiteSpaceAroundAValueAreFine() throws {
        let request = try ParsedRequest(get("Empty:\r\nBlank: \t \r\nTight:x\r\nWide: \t x y \t"))
        #expect(request.head.fields.map { request[$0.value] } == ["a", "", "", "x", "x y"])
        #expect(request.lines == ["Host: a", "Empty:", "Blank:", "Tight:x", "Wide: \t x y"])
    }

    @Test func theServersLinesAreCheckedAlike() {
        #expect(refusal(ofResponse: "HTTP/1.1 200 OK\nA: b\r\n\r\n") == .bareLineFeed.asBadGateway)
        #expect(refusal(ofResponse: "HTTP/1.1 200 OK\r\nA : b\r\n\r\n") == .spaceBeforeColon.asBadGateway)
        #expect(refusal(ofResponse: "HTTP/1.1 200 OK\r\nA: b\r\n c\r\n\r\n") == .foldedLine.asBadGateway)
        #expect(refusal(ofResponse: "HTTP/1.1 200 O\0K\r\n\r\n") == .reasonInvalid.asBadGateway)
    }

    private func accepts(_ bytes: [UInt8]) -> Bool {
        var head = RequestHead(limits: roomy)
        return (try? head.parse(bytes.span)) == true
    }
}
