import Testing

/// Traefik CVE-2024-45410: a client's `Connection` that removes what the proxy says.
@Suite("Rule 5: hop-by-hop fields")
struct Rule05HopByHopTests {
    @Test("Fields for one connection only, and those that Connection lists, end at Bookend")
    func request() async throws {
        try await Stage.run { stage in
            let origin = try stage.origin()
            let bookend = try stage.bookend([origin])
            _ = try bookend.ask(
                "GET", "/",
                "Connection: keep-alive, X-Private\r\nX-Private: 1\r\nKeep-Alive: timeout=5\r\nProxy-Connection: x\r\n"
                    + "TE: trailers, gzip\r\nX-Kept: 2\r\nUpgrade: foo\r\n")
            let names = origin.requests[0].head.names.map { $0.lowercased() }
            for gone in ["connection", "x-private", "keep-alive", "proxy-connection", "upgrade"] {
                #expect(!names.contains(gone), "\(gone)")
            }
            #expect(origin.requests[0]["x-kept"] == "2")
            #expect(origin.requests[0].head.all("te").allSatisfy { $0 == "trailers" })
        }
    }

    @Test("Connection cannot remove what frames the message or what Bookend says")
    func protected() async throws {
        try await Stage.run { stage in
            let origin = try stage.origin()
            let bookend = try stage.bookend([origin])
            let client = try bookend.connect()
            try client.send(
                post(
                    "/", "hello",
                    "Connection: content-length, host, x-forwarded-for, x-forwarded-host, forwarded, via, x-request-id\r\n"
                        + "X-Request-Id: mine\r\n"))
            #expect(try client.response().status == 200)
            let request = origin.requests[0]
            #expect(request.body == Array("hello".utf8) && request["host"] == "bookty.example")
            for name in [
                "x-forwarded-for", "x-forwarded-host", "x-forwarded-proto", "forwarded", "via", "x-request-id",
            ] {
                #expect(request[name] != nil, "\(name)")
            }
        }
    }

    @Test("A server's fields for its connection do not reach the client")
    func response() async throws {
        try await Stage.run { stage in
            let origin = try stage.origin(
                answering:
                    "HTTP/1.1 200 OK\r\nConnection: close, X-Private\r\nX-Private: 1\r\nKeep-Alive: timeout=1\r\n"
                    + "X-Kept: 2\r\nProxy-Connection: x\r\nContent-Length: 2\r\n\r\nok")
            let bookend = try stage.bookend([origin])
            let client = try bookend.connect()
            for _ in 0..<2 {
                try client.send(get())
                let response = try client.response()
                #expect(response.text == "ok" && response["x-kept"] == "2" && response["connection"] == nil)
                #expect(response["x-private"] == nil && response["keep-alive"] == nil)
                #expect(response["proxy-connection"] == nil)
            }
            #expect(origin.connectionCount == 2, "the server said that it closes")
        }
    }
}
