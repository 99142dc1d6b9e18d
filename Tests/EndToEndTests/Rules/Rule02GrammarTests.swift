import Testing

@Suite("Rule 2: lines and fields")
struct Rule02GrammarTests {
    @Test(
        "What is no field is 400 and the end of the connection, and no byte reaches a server",
        arguments: [
            "X: a\rb", "X: a\u{0}b", "X: a\u{1}b", "X: a\u{7F}b", "X: a\r\n folded", "X: a\r\n\tfolded", "X : a",
            "X\t: a", ": a", "X Y: a", "X(: a", "X\u{0}: a", "X", "X: a\nY: b", "\u{E9}: a", "X: a\r\r\nY: b",
        ] as [Bytes])
    func refused(_ line: Bytes) async throws {
        try await Stage.run { stage in
            let origin = try stage.origin()
            let bookend = try stage.bookend([origin])
            let client = try bookend.connect()
            try client.send("GET / HTTP/1.1\r\nHost: bookty.example\r\n\(line.text)\r\n\r\n")
            let response = try client.response()
            #expect(response.status == 400 && response["content-type"] == "application/problem+json")
            #expect(client.isClosed() && origin.connectionCount == 0)
        }
    }

    @Test("A head with bare line feeds is 400")
    func bareLineFeeds() async throws {
        try await Stage.run { stage in
            let origin = try stage.origin()
            let bookend = try stage.bookend([origin])
            let client = try bookend.connect()
            try client.send("GET / HTTP/1.1\nHost: bookty.example\n\n")
            #expect(try client.response().status == 400)
            #expect(client.isClosed() && origin.connectionCount == 0)
        }
    }

    @Test("A head arrives whole in whatever pieces it is sent")
    func pieces() async throws {
        try await Stage.run { stage in
            let origin = try stage.origin()
            let bookend = try stage.bookend([origin])
            let client = try bookend.connect()
            for byte in Array(get("/slow", "X: y\r\n").utf8) { try client.send([byte]) }
            #expect(try client.response().status == 200)
            #expect(origin.requests[0].target == "/slow" && origin.requests[0]["x"] == "y")
        }
    }

    @Test(
        "A server that breaks the grammar is answered for with 502",
        arguments: [
            "HTTP/1.1 200 OK\r\nX: a\u{0}b\r\n\r\n", "HTTP/1.1 200 OK\r\n: a\r\n\r\n", "HTTP/1.1 2x0 OK\r\n\r\n",
            "HTTP/1.1 200 OK\r\nX : a\r\n\r\n", "ICY 200 OK\r\n\r\n", "HTTP/2.0 200 OK\r\n\r\n", "\r\n\r\n\r\nhello",
            "HTTP/1.1 99 Low\r\n\r\n", "SSH-2.0-OpenSSH_9.2\r\n",
        ] as [Bytes])
    func badResponse(_ response: Bytes) async throws {
        try await Stage.run { stage in
            let origin = try stage.origin { connection in
                try connection.request()
                try connection.send(response.text)
            }
            let bookend = try stage.bookend([origin])
            #expect(try bookend.ask().status == 502)
        }
    }
}
