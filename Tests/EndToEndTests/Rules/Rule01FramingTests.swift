import Testing

/// HAProxy CVE-2021-40346 and CVE-2023-40225, Pingora CVE-2026-2835: two readings of where a request ends.
@Suite("Rule 1: a request has one end")
struct Rule01FramingTests {
    private static let smuggled = "GET /smuggled HTTP/1.1\r\nHost: bookty.example\r\n\r\n"

    @Test(
        "A framing in doubt is 400 and the end of the connection, and no byte reaches a server",
        arguments: [
            "Content-Length: 4\r\nTransfer-Encoding: chunked", "Transfer-Encoding: chunked\r\nContent-Length: 4",
            "Transfer-Encoding: identity", "Transfer-Encoding: xchunked", "Transfer-Encoding: chunked, identity",
            "Transfer-Encoding: gzip, chunked", "Transfer-Encoding: chunked, chunked", "Transfer-Encoding:",
            "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked", "Transfer-Encoding: \"chunked\"",
            "Transfer-Encoding: chunked\r\nTransfer-Encoding: x", "Transfer-Encoding\t: chunked",
            "Transfer-Encoding:\u{0B}chunked", "X: y\r\n Transfer-Encoding: chunked",
            "Content-Length: +4", "Content-Length: -4", "Content-Length: 4 4", "Content-Length: 4, 5",
            "Content-Length: ", "Content-Length: 0x4", "Content-Length: 4e0", "Content-Length: 4.0",
            "Content-Length: 4\r\nContent-Length: 5", "Content-Length: 18446744073709551620",
            "Content-Length: 99999999999999999999999999", "Content-Length : 4",
            "Content-Length: 4\u{0}", "Content-Length: 4\r",
        ] as [Bytes])
    func doubtful(_ fields: Bytes) async throws {
        try await Stage.run { stage in
            let origin = try stage.origin()
            let bookend = try stage.bookend([origin])
            let client = try bookend.connect()
            try client.send(
                "POST / HTTP/1.1\r\nHost: bookty.example\r\n\(fields.text)\r\n\r\n0\r\n\r\n\(Self.smuggled)")
            let response = try client.response()
            #expect(response.status == 400 && response["connection"] == "close")
            #expect(client.isClosed())
            #expect(origin.connectionCount == 0)
        }
    }

    @Test("Transfer-Encoding in HTTP/1.0 is 400")
    func oldVersion() async throws {
        try await Stage.run { stage in
            let origin = try stage.origin()
            let bookend = try stage.bookend([origin])
            let client = try bookend.connect()
            try client.send("POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n\(Self.smuggled)")
            #expect(try client.response().status == 400)
            #expect(client.isClosed() && origin.connectionCount == 0)
        }
    }

    @Test("Exactly the bytes that the length tells are the body; those behind it are the next request")
    func exact() async throws {
        try await Stage.run { stage in
            let origin = try stage.origin()
            let bookend = try stage.bookend([origin])
            let client = try bookend.connect()
            try client.send(post("/first", "GET /smuggled HTTP/1.1\r\n\r\n") + get("/second"))
            #expect(try client.response().status == 200)
            #expect(try client.response().status == 200)
            #expect(origin.requests.map(\.target) == ["/first", "/second"])
            #expect(origin.requests[0].body == Array("GET /smuggled HTTP/1.1\r\n\r\n".utf8))
        }
    }

    @Test(
        "A server whose framing is in doubt is answered for: 502, and its connection is not used again",
        arguments: [
            "Content-Length: 4\r\nTransfer-Encoding: chunked", "Content-Length: 4\r\nContent-Length: 5",
            "Content-Length: +4", "Transfer-Encoding: gzip", "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked",
            "Content-Length: 99999999999999999999",
        ] as [Bytes])
    func doubtfulResponse(_ fields: Bytes) async throws {
        try await Stage.run { stage in
            let origin = try stage.origin(answering: "HTTP/1.1 200 OK\r\n\(fields.text)\r\n\r\n4\r\nevil\r\n0\r\n\r\n")
            let bookend = try stage.bookend([origin])
            for _ in 0..<2 { #expect(try bookend.ask().status == 502) }
            #expect(origin.connectionCount == 2)
        }
    }
}
