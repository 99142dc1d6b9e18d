import BookendHTTP
import Testing

/// Small pieces of grammar that the proxy asks for.
@Suite struct GrammarTests {
    @Test(arguments: [
        ("abc-123_X.y~z", true), ("a/b:c=d@e+f", true), ("", false), ("a b", false), ("a\"b", false), ("<x>", false),
        ("é", false), (String(repeating: "a", count: 128), true), (String(repeating: "a", count: 129), false),
    ])
    func aRequestIDIsShortAndPlain(text: String, isSane: Bool) {
        let bytes = Array(text.utf8)
        #expect(RequestID.isSane(Slice(start: 0, count: UInt32(bytes.count)), in: bytes.span) == isSane)
    }

    @Test(arguments: [
        ("text/html", AcceptedForm.html), ("application/json", .json), ("*/*", .either), ("image/png", .either),
        ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", .html), ("application/*", .json),
        ("text/*;q=0.5, application/json;q=0.4", .html), ("text/html;q=0.1, */*;q=0.5", .json),
        ("TEXT/HTML;Q=0.9, application/json;q=0.95", .json), ("text/html;level=1;q=0.2,application/json;q=0.3", .json),
        ("*/*;q=0.1, text/html;q=0", .json), ("text/html;q=x", .html), ("text/html;q=1.5", .html), (",;,;q=,", .either),
    ])
    func acceptPrefersOneForm(value: String, expected: AcceptedForm) throws {
        let request = try ParsedRequest("GET / HTTP/1.1\r\nHost: a\r\nAccept: \(value)\r\n\r\n")
        #expect(request.head.acceptedForm(in: request.bytes.span) == expected)
    }

    @Test func severalAcceptFieldsAreOneList() throws {
        let request = try ParsedRequest(
            "GET / HTTP/1.1\r\nAccept: text/html;q=0.5\r\nHost: a\r\nAccept: application/json\r\n\r\n")
        #expect(request.head.acceptedForm(in: request.bytes.span) == .json)
        let silent = try ParsedRequest("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
        #expect(silent.head.acceptedForm(in: silent.bytes.span) == .either)
    }

    @Test func aListSkipsEmptyElementsAndWhiteSpace() {
        let bytes = Array(" a ,, b\t, ,c".utf8)
        var elements = ListElements(Slice(start: 0, count: UInt32(bytes.count)))
        var found: [String] = []
        while let element = elements.next(in: bytes.span) {
            found.append(String(decoding: bytes[element.range], as: UTF8.self))
        }
        #expect(found == ["a", "b", "c"])
    }

    @Test(arguments: [
        ("host", FieldName.host), ("HOST", .host), ("Te", .te), ("Content-LENGTH", .contentLength),
        ("transfer-encoding", .transferEncoding), ("Endpoint-Load-Metrics", .endpointLoadMetrics),
        ("Endpoint-Load-Metrics-BIN", .endpointLoadMetricsBin), ("endpoint-load-metrics-bim", .other),
        ("endpoint-load-metrics_bin", .other), ("x-real-ip", .xRealIP),
        ("If-Unmodified-Since", .ifUnmodifiedSince), ("hos", .other), ("hosts", .other), ("xost", .other),
        ("content-lengtH2", .other), ("Content_Length", .other), ("endpoint-load-metricz", .other),
    ])
    func aFieldNameIsKnownInAnyCase(name: String, known: FieldName) throws {
        let value = known == .contentLength ? "1" : known == .transferEncoding ? "chunked" : "b"
        let extra = known == .host ? "" : "Host: a\r\n"
        let request = try ParsedRequest("GET / HTTP/1.1\r\n\(extra)\(name): \(value)\r\n\r\n")
        #expect(request.head.fields.last?.known == known)
    }

    @Test func numbersAreWrittenInFull() {
        let numbers: [UInt64] = [0, 9, 10, 255, 4096, .max]
        let written = text(capacity: 300) { output in
            for number in numbers {
                output.appendDecimal(number)
                output.append(" ")
                output.appendHex(number)
                output.append(" ")
            }
        }
        #expect(written == numbers.map { "\($0) \(String($0, radix: 16)) " }.joined())
    }

    @Test(arguments: [(503, "503 Service Unavailable"), (431, "431 Request Header Fields Too Large"), (299, "299 ")])
    func anAnswerOfItsOwnBeginsWithItsStatus(status: Int, line: String) {
        #expect(text(capacity: 48) { $0.appendStatusLine(status) } == "HTTP/1.1 \(line)\r\n")
    }
}
