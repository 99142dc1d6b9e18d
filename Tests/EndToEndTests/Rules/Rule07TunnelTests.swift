import Testing

/// Pingora CVE-2026-2833: bytes behind an upgrade request that went through unchecked.
@Suite("Rule 7: a tunnel only after 101")
struct Rule07TunnelTests {
    private static let upgrade =
        "GET /chat HTTP/1.1\r\nHost: bookty.example\r\nConnection: Upgrade\r\nUpgrade: echo/1\r\n\r\n"

    private func echo(_ stage: Stage) throws -> Origin {
        try stage.origin { connection in
            try connection.head()
            try connection.send("HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: echo/1\r\n\r\nhi!")
            while true { try connection.wire.send(try connection.wire.some()) }
        }
    }

    @Test("After 101 bytes pass both ways as they are, and each side's end reaches the other")
    func tunnel() async throws {
        try await Stage.run { stage in
            let origin = try echo(stage)
            let bookend = try stage.bookend([origin])
            let client = try bookend.connect()
            try client.send(Self.upgrade)
            let response = try client.response()
            #expect(response.status == 101 && response["upgrade"] == "echo/1")
            #expect(response["connection"]?.lowercased() == "upgrade")
            #expect(origin.requests[0]["upgrade"] == "echo/1")
            #expect(try client.bytes(3) == Array("hi!".utf8))
            var sent = Pattern()
            var echoed = Pattern()
            for _ in 0..<64 {
                try client.send(sent.next(16_384))
                #expect(echoed.takes(try client.bytes(16_384)))
            }
            client.finish()
            #expect(client.isClosed())
            try bookend.settles()
        }
    }

    @Test("Bytes behind an upgrade request wait for the 101, and are a request when it does not come")
    func noTunnel() async throws {
        try await Stage.run { stage in
            let origin = try stage.origin()
            let bookend = try stage.bookend([origin])
            let client = try bookend.connect()
            try client.send(Self.upgrade + get("/next"))
            #expect(try client.response().status == 200)
            #expect(try client.response().status == 200)
            #expect(origin.requests.map(\.target) == ["/chat", "/next"])
            #expect(origin.requests[1]["x-forwarded-for"] == "127.0.0.1", "it was read, not passed on")
        }
    }

    @Test("Nothing behind an upgrade request reaches the server before its 101")
    func held() async throws {
        try await Stage.run { stage in
            let origin = try stage.origin { connection in
                try connection.head()
                #expect(connection.wire.isSilent(for: 0.3))
                try connection.send(
                    "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: echo/1\r\n\r\n")
                #expect(try connection.wire.bytes(5) == Array("early".utf8))
                try connection.send("done")
            }
            let bookend = try stage.bookend([origin])
            let client = try bookend.connect()
            try client.send(Self.upgrade + "early")
            #expect(try client.response().status == 101)
            #expect(try client.rest().bytes == Array("done".utf8))
        }
    }

    @Test("A server that switches without being asked is answered for with 502")
    func unasked() async throws {
        try await Stage.run { stage in
            let origin = try echo(stage)
            let bookend = try stage.bookend([origin])
            #expect(try bookend.ask().status == 502)
            try eventually("the server's connection is closed") { origin.openConnections == 0 }
        }
    }

    @Test("An upgrade to h2c is not passed on: its requests would go unchecked")
    func h2c() async throws {
        try await Stage.run { stage in
            let origin = try stage.origin()
            let bookend = try stage.bookend([origin])
            let response = try bookend.ask(
                "GET", "/", "Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABk\r\n")
            #expect(response.status == 200)
            #expect(origin.requests[0]["upgrade"] == nil && origin.requests[0]["http2-settings"] == nil)
        }
    }
}
