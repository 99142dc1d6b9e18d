import Testing

@Suite("Rule 3: chunks and trailers")
struct Rule03ChunkTests {
    @Test(
        "A broken chunk is 400 and the end of the connection, and the server never takes the request for whole",
        arguments: [
            "5\nhello\r\n0\r\n\r\n", "5\r\nhelloX\r\n0\r\n\r\n", "5\r\nhello\n0\r\n\r\n", "-5\r\nhello\r\n0\r\n\r\n",
            "0x5\r\nhello\r\n0\r\n\r\n", "\r\nhello\r\n0\r\n\r\n", "g\r\nhello\r\n0\r\n\r\n",
            "10000000000000005\r\nhello\r\n0\r\n\r\n", "5;a\nb\r\nhello\r\n0\r\n\r\n",
            "5;a=\u{0}\r\nhello\r\n0\r\n\r\n",
            "5 5\r\nhello\r\n0\r\n\r\n", "0\r\nX : y\r\n\r\n", "0\r\n folded\r\n\r\n", "0\r\n\n",
        ] as [Bytes])
    func broken(_ body: Bytes) async throws {
        try await Stage.run { stage in
            let origin = try stage.origin()
            let bookend = try stage.bookend([origin])
            let client = try bookend.connect()
            try client.send(chunkedPost() + body.text + get("/smuggled"))
            #expect(try client.response().status == 400)
            #expect(client.isClosed())
            try eventually("the server's connection is closed") { origin.openConnections == 0 }
            #expect(origin.requests.isEmpty)
        }
    }

    @Test("Chunk extensions are dropped, and chunks of any size arrive as the same bytes")
    func extensions() async throws {
        try await Stage.run { stage in
            let origin = try stage.origin()
            let bookend = try stage.bookend([origin])
            let client = try bookend.connect()
            try client.send(chunkedPost() + "5;evil=\"1\"\r\nhello\r\n1;a\r\n,\r\n006\r\n world\r\n0;z=1\r\n\r\n")
            #expect(try client.response().status == 200)
            #expect(origin.requests[0].body == Array("hello, world".utf8))
            #expect(origin.requests[0].head.isChunked && origin.requests[0].head.length == nil)
        }
    }

    @Test("Chunk extensions without end are 400")
    func extensionFlood() async throws {
        try await Stage.run { stage in
            let origin = try stage.origin()
            let bookend = try stage.bookend([origin])
            let client = try bookend.connect()
            try client.send(chunkedPost() + "5;" + String(repeating: "a", count: 20_000) + "\r\nhello\r\n0\r\n\r\n")
            #expect(try client.response().status == 400)
            #expect(client.isClosed() && origin.requests.isEmpty)
        }
    }

    @Test("Trailers pass both ways, without those that would frame, route or authenticate")
    func trailers() async throws {
        try await Stage.run { stage in
            let origin = try stage.origin { connection in
                try connection.request()
                try connection.send(
                    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: X-Sum\r\n\r\n"
                        + "2\r\nok\r\n0\r\nX-Sum: 1\r\nContent-Length: 9\r\nX-More: 2\r\nSet-Cookie: a=b\r\n\r\n")
            }
            let bookend = try stage.bookend([origin])
            let client = try bookend.connect()
            try client.send(
                chunkedPost()
                    + "2\r\nhi\r\n0\r\nX-Check: 7\r\nTransfer-Encoding: x\r\nHost: evil\r\nContent-Length: 3\r\n"
                    + "Authorization: Basic x\r\nX-Forwarded-For: 1.2.3.4\r\nX-Last: 8\r\n\r\n")
            let response = try client.response()
            #expect(response.text == "ok" && response.trailers.hasPrefix("X-Sum: 1\r\nX-More: 2\r\n"))
            #expect(!response.trailers.lowercased().contains("content-length"))
            #expect(origin.requests[0].trailers == "X-Check: 7\r\nX-Last: 8\r\n")
        }
    }

    @Test("Trailers without end are refused, and cost no memory")
    func trailerFlood() async throws {
        try await Stage.run { stage in
            let origin = try stage.origin()
            let bookend = try stage.bookend([origin])
            let client = try bookend.connect()
            let flood = (0..<400).map { "X-\($0): " + String(repeating: "y", count: 80) + "\r\n" }.joined()
            try client.send(chunkedPost() + "2\r\nhi\r\n0\r\n" + flood)
            #expect(try client.response().status == 431)
            #expect(client.isClosed() && origin.requests.isEmpty)
        }
    }

    @Test("A chunked response whose chunks break off or are malformed has no clean end for the client")
    func brokenResponse() async throws {
        for body in ["5\r\nhel", "5\r\nhello\r\nzz\r\n", "5\r\nhelloXX0\r\n\r\n", "5\r\nhello\r\n0\r\n"] {
            try await Stage.run { stage in
                let origin = try stage.origin { connection in
                    try connection.request()
                    try connection.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + body)
                }
                let bookend = try stage.bookend([origin])
                let client = try bookend.connect()
                try client.send(get())
                // Before the head went out it may still be said.
                let all = String(decoding: try client.rest().bytes, as: UTF8.self)
                #expect(!all.hasSuffix("0\r\n\r\n") || all.hasPrefix("HTTP/1.1 502"), "\(body.debugDescription)")
            }
        }
    }
}
