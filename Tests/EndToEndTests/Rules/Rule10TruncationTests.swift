import Testing

@Suite("Rule 10: a response that breaks off")
struct Rule10TruncationTests {
    @Test("Its missing end is visible to the client, whatever its framing", arguments: [true, false])
    func truncated(isReset: Bool) async throws {
        for (framing, body) in [("Content-Length: 100", "half"), ("Transfer-Encoding: chunked", "4\r\nhalf\r\n")] {
            try await Stage.run { stage in
                let origin = try stage.origin { connection in
                    try connection.request()
                    try connection.send("HTTP/1.1 200 OK\r\n\(framing)\r\n\r\n\(body)")
                    // It must be on its way before a reset throws it away.
                    _ = connection.wire.isSilent(for: 0.1)
                    if isReset { connection.wire.reset() }
                }
                let bookend = try stage.bookend([origin])
                let curl = try stage.curl([bookend.url])
                #expect(curl.code == 18, "curl: a part of the file is missing")
                #expect(curl.text == "half")
            }
        }
    }

    @Test("A server that closes before it answers is answered for with 502", arguments: ["", "HTTP/1.1 200 OK\r\nX:"])
    func noAnswer(_ beginning: String) async throws {
        try await Stage.run { stage in
            let origin = try stage.origin { connection in
                try connection.request()
                try connection.send(beginning)
            }
            let bookend = try stage.bookend([origin])
            let response = try bookend.ask()
            #expect(response.status == 502 && response["content-type"] == "application/problem+json")
            #expect(response["connection"] == nil, "the client did nothing wrong")
        }
    }

    @Test("A body that lasts until the close arrives whole, in chunks, and is no error")
    func untilClose() async throws {
        try await Stage.run { stage in
            let origin = try stage.origin { connection in
                try connection.request()
                try connection.send("HTTP/1.1 200 OK\r\n\r\nas long ")
                try connection.send("as it lasts")
            }
            let bookend = try stage.bookend([origin])
            let client = try bookend.connect()
            for _ in 0..<2 {
                try client.send(get())
                let response = try client.response()
                #expect(response.text == "as long as it lasts" && response.head.isChunked)
            }
        }
    }

    @Test("An upload that breaks off never looks whole to the server")
    func upload() async throws {
        for isChunked in [true, false] {
            try await Stage.run { stage in
                let origin = try stage.origin()
                let bookend = try stage.bookend([origin])
                let client = try bookend.connect()
                try client.send(
                    isChunked
                        ? chunkedPost() + "4\r\nhalf\r\n"
                        : "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\nhalf")
                try eventually("the server is reached") { origin.connectionCount == 1 }
                client.close()
                try eventually("the server's connection is closed") { origin.openConnections == 0 }
                #expect(origin.requests.isEmpty)
                try bookend.settles()
            }
        }
    }
}
