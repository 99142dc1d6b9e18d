import BookendHTTP
import Testing

/// Rule 15: connections stay open by default in HTTP/1.1, and when asked in HTTP/1.0.
@Suite struct Rule15OldVersionTests {
    @Test(arguments: [
        ("1.1", "", true), ("1.1", "Connection: close\r\n", false), ("1.1", "Connection: Keep-Alive\r\n", true),
        ("1.1", "Connection: x, CLOSE\r\n", false), ("1.1", "Connection: x\r\nConnection: close\r\n", false),
        ("1.1", "Connection: closed\r\n", true), ("1.0", "", false), ("1.0", "Connection: keep-alive\r\n", true),
        ("1.0", "Connection: keep-alive, close\r\n", false), ("1.0", "Proxy-Connection: keep-alive\r\n", false),
    ])
    func aConnectionStaysOpenWhenBothSay(version: String, fields: String, expected: Bool) throws {
        #expect(try ParsedRequest("GET / HTTP/\(version)\r\nHost: a\r\n\(fields)\r\n").head.keepsAlive == expected)
        let response = "HTTP/\(version) 200 OK\r\nContent-Length: 0\r\n\(fields)\r\n"
        #expect(try ParsedResponse(response).head.keepsAlive == expected)
    }

    @Test func theServerHearsBookendsOwnVersion() throws {
        let request = try ParsedRequest("GET /x HTTP/1.0\r\nHost: a\r\n\r\n")
        #expect(request.head.version == .http10)
        #expect(request.forwarded() == "GET /x HTTP/1.1\r\nHost: a\r\n\r\n")
    }

    @Test func theCallerChoosesAnotherFramingForAnOldClient() throws {
        let response = try ParsedResponse("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
        let written = text(capacity: 100) { output in
            response.head.writeFraming(.untilClose, to: &output)
            output.append(.close)
        }
        #expect(written == "Connection: close\r\n")
    }
}
