import BookendHTTP
import Testing

/// Rules 6 and 7: interim responses, and tunnels.
@Suite struct Rule06InterimTests {
    @Test(arguments: [100, 102, 103, 199])
    func anInterimResponseGoesOnWithItsFieldsAndWithoutFraming(status: Int) throws {
        let response = try ParsedResponse(
            "HTTP/1.1 \(status) Wait\r\nLink: </a>\r\nContent-Length: 5\r\n\r\nHTTP/1.1 200 OK\r\n\r\n")
        #expect(response.head.isInterim)
        #expect(response.head.framing == .none)
        #expect(response.forwarded() == "HTTP/1.1 \(status) Wait\r\nLink: </a>\r\n\r\n")
        #expect(response.head.count == response.bytes.count - "HTTP/1.1 200 OK\r\n\r\n".utf8.count)
    }

    @Test func a101IsNotInterim() throws {
        let response = try ParsedResponse(
            "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nA: b\r\n\r\n\u{1}\u{2}")
        #expect(response.head.isSwitchingProtocols)
        #expect(!response.head.isInterim)
        #expect(response.head.framing == .none)
        let written = text(capacity: response.head.encodedBound) { output in
            response.head.writeStatusLine(from: response.bytes.span, to: &output)
            response.head.writeFields(from: response.bytes.span, to: &output, dropping: [])
            response.head.writeUpgrade(from: response.bytes.span, to: &output)
            output.appendEndOfHead()
        }
        #expect(
            written == "HTTP/1.1 101 Switching Protocols\r\nA: b\r\nConnection: upgrade\r\nUpgrade: websocket\r\n\r\n")
    }

    @Test(arguments: [
        ("1.1", "Expect: 100-Continue\r\nContent-Length: 5", true), ("1.1", "Expect: 100-continue", false),
        ("1.1", "Expect: 100-continue\r\nContent-Length: 0", false),
        ("1.1", "Expect: more\r\nContent-Length: 5", false),
        ("1.0", "Expect: 100-continue\r\nContent-Length: 5", false),
        ("1.1", "Expect: 100-continue\r\nTransfer-Encoding: chunked", true),
    ])
    func aClientThatWaitsIsNoticed(version: String, fields: String, expected: Bool) throws {
        let request = try ParsedRequest("PUT / HTTP/\(version)\r\nHost: a\r\n\(fields)\r\n\r\n")
        #expect(request.head.expectsContinue == expected)
    }

    @Test(arguments: [
        ("1.1", "Connection: Upgrade\r\nUpgrade: websocket", true),
        ("1.1", "Connection: keep-alive, upgrade\r\nUpgrade: websocket", true), ("1.1", "Upgrade: websocket", false),
        ("1.1", "Connection: upgrade", false), ("1.0", "Connection: upgrade\r\nUpgrade: websocket", false),
        ("1.1", "Connection: upgrade\r\nUpgrade: websocket\r\nContent-Length: 5", false),
        ("1.1", "Connection: upgrade\r\nUpgrade: h2c", false),
        ("1.1", "Connection: upgrade, HTTP2-Settings\r\nUpgrade: websocket, H2C", false),
    ])
    func anUpgradeIsWantedOnlyWhenItIsSafe(version: String, fields: String, expected: Bool) throws {
        let request = try ParsedRequest("GET / HTTP/\(version)\r\nHost: a\r\n\(fields)\r\n\r\n")
        #expect(request.head.wantsUpgrade == expected)
        #expect(!request.forwarded().lowercased().contains("upgrade"))
    }

    @Test func anUpgradeIsWrittenAsTheClientAskedForIt() throws {
        let request = try ParsedRequest(
            "GET / HTTP/1.1\r\nHost: a\r\nUpgrade: a/1\r\nConnection: x, upgrade\r\nUpgrade: b\r\n\r\n")
        let written = text(capacity: request.head.encodedBound) { output in
            request.head.writeUpgrade(from: request.bytes.span, to: &output)
        }
        #expect(written == "Connection: upgrade\r\nUpgrade: a/1\r\nUpgrade: b\r\n")
    }
}
