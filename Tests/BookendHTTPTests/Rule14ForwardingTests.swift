import BookendHTTP
import Testing

/// Rule 14: what no rule changes goes through byte for byte.
@Suite struct Rule14ForwardingTests {
    @Test func aRequestGoesOnAsItCame() throws {
        let request = try ParsedRequest(
            "GET /a/b?c=d HTTP/1.1\r\nHost: Example.com:8080\r\nUser-Agent: curl/8\r\nConnection: keep-alive, X-Hop\r\n"
                + "X-Hop: 1\r\nAccept: */*  \r\nCookie: a=b\r\nContent-Length: 5\r\n\r\nhello")
        #expect(request.head.method == .get)
        #expect(request[request.head.target] == "/a/b?c=d")
        #expect(request[request.head.path] == "/a/b")
        #expect(request[request.head.host] == "Example.com:8080")
        #expect(request.head.count == request.bytes.count - 5)
        #expect(
            request.forwarded()
                == "GET /a/b?c=d HTTP/1.1\r\nHost: Example.com:8080\r\nUser-Agent: curl/8\r\nAccept: */*\r\n"
                + "Cookie: a=b\r\nContent-Length: 5\r\n\r\n")
    }

    @Test func aResponseGoesOnAsItCame() throws {
        let response = try ParsedResponse(
            "HTTP/1.1 200 OK\r\nServer: x\r\nKeep-Alive: timeout=5\r\nSet-Cookie: a\r\nSet-Cookie: b\r\n"
                + "Transfer-Encoding: chunked\r\n\r\n")
        #expect(
            response.forwarded()
                == "HTTP/1.1 200 OK\r\nServer: x\r\nSet-Cookie: a\r\nSet-Cookie: b\r\n"
                + "Transfer-Encoding: chunked\r\n\r\n")
    }

    @Test(arguments: [
        "/", "/%2e%2e/%00?%", "/a//b/../c;d=e", "/é/ü?ñ", "/\"<>\\^`{|}", "/?", "/??a?b", "/a?http://b/", "/:80",
    ])
    func aTargetIsNeitherDecodedNorTidied(target: String) throws {
        let request = try ParsedRequest("GET \(target) HTTP/1.1\r\nHost: a\r\n\r\n")
        #expect(request[request.head.target] == target)
        #expect(request.forwarded() == "GET \(target) HTTP/1.1\r\nHost: a\r\n\r\n")
    }

    @Test func namesKeepTheirCaseAndValuesTheirBytes() throws {
        let fields = "hOsT:a\r\nx-LOWER:  two  spaces\r\nX-High: é\r\nX-Quoted: \"a, b\"\r\nX-Empty:\r\n"
        let request = try ParsedRequest("GET / HTTP/1.1\r\n\(fields)\r\n")
        #expect(request.forwarded() == "GET / HTTP/1.1\r\n\(fields)\r\n")
    }

    @Test func theOrderIsKeptWhateverIsDropped() throws {
        // Every subset of five lines, so that runs of kept lines begin and end everywhere.
        for dropped in 0..<32 {
            let lines = (0..<5).map { dropped >> $0 & 1 == 1 ? "Via: \($0)" : "X: \($0)" }
            let request = try ParsedRequest(
                "GET / HTTP/1.1\r\n" + lines.map { $0 + "\r\n" }.joined() + "Host: a\r\n\r\n")
            let kept = lines.filter { $0.hasPrefix("X") }.map { $0 + "\r\n" }.joined()
            #expect(
                request.forwarded(dropping: FieldNameSet(.via)) == "GET / HTTP/1.1\r\n\(kept)Host: a\r\n\r\n")
        }
    }

    @Test func theRoomAskedForIsAlwaysEnough() throws {
        let request = try ParsedRequest(
            "OPTIONS http://h:1?q HTTP/1.0\r\nConnection:upgrade\r\nUpgrade:x\r\nContent-Length:9223372036854775807\r\n\r\n"
        )
        let written = text(capacity: request.head.encodedBound) { output in
            request.head.writeRequestLine(from: request.bytes.span, to: &output)
            request.head.writeFields(from: request.bytes.span, to: &output, dropping: [])
            output.appendField(for: request.head.framing)
            request.head.writeUpgrade(from: request.bytes.span, to: &output)
            output.appendEndOfHead()
        }
        #expect(
            written
                == "OPTIONS /?q HTTP/1.1\r\nHost: h:1\r\nContent-Length: 9223372036854775807\r\n"
                + "Connection: upgrade\r\nUpgrade:x\r\n\r\n")
    }
}
