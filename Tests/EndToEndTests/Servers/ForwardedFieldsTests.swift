import Testing

@Suite("Fields that Bookend adds")
struct ForwardedFieldsTests {
    private static let claims =
        "X-Forwarded-For: 1.2.3.4\r\nX-Forwarded-Proto: https\r\nX-Forwarded-Host: evil\r\nX-Forwarded-Port: 1\r\n"
        + "X-Real-IP: 1.2.3.4\r\nForwarded: for=1.2.3.4\r\n"

    @Test("A stranger's claims about who asked are dropped; the server hears what Bookend saw")
    func spoofed() async throws {
        try await Stage.run { stage in
            let origin = try stage.origin()
            let bookend = try stage.bookend([origin])
            let client = try bookend.connect(from: "127.3.2.1")
            try client.send(get("/", Self.claims))
            #expect(try client.response().status == 200)
            let request = origin.requests[0]
            #expect(request["x-forwarded-for"] == "127.3.2.1" && request["x-forwarded-proto"] == "http")
            #expect(request["x-forwarded-host"] == "bookty.example" && request["host"] == "bookty.example")
            #expect(request["x-forwarded-port"] == nil && request["x-real-ip"] == nil)
            #expect(request["forwarded"] == "for=127.3.2.1;host=\"bookty.example\";proto=http")
            #expect(request["via"] == "1.1 bookend")
        }
    }

    @Test("A trusted proxy's claims are kept, and its lists continued")
    func trusted() async throws {
        try await Stage.run { stage in
            let origin = try stage.origin()
            let bookend = try stage.bookend([origin], listener: ["trusted-proxies: [127.3.0.0/16]"])
            let client = try bookend.connect(from: "127.3.2.1")
            try client.send(get("/", Self.claims + "X-Forwarded-For: 5.6.7.8\r\n"))
            #expect(try client.response().status == 200)
            let request = origin.requests[0]
            #expect(request["x-forwarded-for"] == "1.2.3.4, 5.6.7.8, 127.3.2.1")
            #expect(request["x-forwarded-proto"] == "https" && request["x-forwarded-host"] == "evil")
            #expect(request["x-real-ip"] == "1.2.3.4")
            #expect(request["forwarded"]?.hasPrefix("for=1.2.3.4, for=127.3.2.1;") == true)
            let stranger = try bookend.connect(from: "127.4.2.1")
            try stranger.send(get("/", Self.claims))
            #expect(try stranger.response().status == 200)
            #expect(origin.requests[1]["x-forwarded-for"] == "127.4.2.1")
        }
    }

    @Test("A sane request id is kept, any other replaced; server and client see the same")
    func requestID() async throws {
        try await Stage.run { stage in
            let origin = try stage.origin()
            let bookend = try stage.bookend([origin])
            let kept = try bookend.ask("GET", "/", "X-Request-Id: a-b_c.1\r\n")
            #expect(kept["x-request-id"] == "a-b_c.1" && origin.requests[0]["x-request-id"] == "a-b_c.1")
            var seen: Set<String> = []
            let insane = [
                "", "X-Request-Id: \r\n", "X-Request-Id: a b\"\r\n",
                "X-Request-Id: \(String(repeating: "x", count: 300))\r\n",
            ]
            for fields in insane {
                let response = try bookend.ask("GET", "/", fields)
                let id = response["x-request-id"] ?? ""
                #expect(id.count == 32 && origin.requests.last?["x-request-id"] == id, "\(fields)")
                seen.insert(id)
            }
            #expect(seen.count == 4)
        }
    }

    @Test("The client hears Via and one request id, not the server's; traceparent passes")
    func response() async throws {
        try await Stage.run { stage in
            let origin = try stage.origin(
                answering: "HTTP/1.1 200 OK\r\nX-Request-Id: server\r\nVia: 1.1 inner\r\nContent-Length: 0\r\n\r\n")
            let bookend = try stage.bookend([origin])
            let response = try bookend.ask("GET", "/", "X-Request-Id: mine\r\ntraceparent: 00-1-2-01\r\nVia: 1.0 x\r\n")
            #expect(response.head.all("x-request-id") == ["mine"])
            #expect(response.head.all("via") == ["1.1 inner", "1.1 bookend"])
            #expect(origin.requests[0]["traceparent"] == "00-1-2-01")
            #expect(origin.requests[0].head.all("via") == ["1.0 x", "1.1 bookend"])
        }
    }
}
