import Testing

@Suite("Rule 15: HTTP/1.0 clients")
struct Rule15OldClientTests {
    @Test("A chunked response reaches them without chunks, until the close")
    func chunked() async throws {
        try await Stage.run { stage in
            let origin = try stage.origin(
                answering:
                    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\nX: y\r\n\r\n")
            let bookend = try stage.bookend([origin])
            let client = try bookend.connect()
            try client.send("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n")
            let head = try client.head()
            #expect(!head.isChunked && head["content-length"] == nil && head["connection"] == "close")
            let (body, isClean) = try client.rest()
            #expect(body == Array("abcde".utf8) && isClean)
            #expect(try stage.curl(["--http1.0", bookend.url]).text == "abcde")
        }
    }

    @Test("The connection goes on only when asked, and only with a length")
    func keepAlive() async throws {
        try await Stage.run { stage in
            let bookend = try stage.bookend([try stage.origin()])
            let client = try bookend.connect()
            for _ in 0..<2 {
                try client.send("GET / HTTP/1.0\r\nConnection: Keep-Alive\r\n\r\n")
                let response = try client.response()
                #expect(response.text == "a" && response["connection"]?.lowercased() == "keep-alive")
            }
            try client.send("GET / HTTP/1.0\r\n\r\n")
            #expect(try client.response().text == "a")
            #expect(client.isClosed())
        }
    }

    @Test("Without Host the server still gets one, as HTTP/1.1 asks")
    func host() async throws {
        try await Stage.run { stage in
            let origin = try stage.origin()
            let bookend = try stage.bookend([origin])
            let client = try bookend.connect()
            try client.send("GET /old HTTP/1.0\r\n\r\n")
            #expect(try client.response().text == "a")
            #expect(origin.requests[0].head.startLine == "GET /old HTTP/1.1" && origin.requests[0]["host"] != nil)
        }
    }
}
