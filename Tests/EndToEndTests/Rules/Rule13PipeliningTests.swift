import Testing

@Suite("Rule 13: pipelining and keep-alive")
struct Rule13PipeliningTests {
    @Test("Pipelined requests are answered in order, with bodies between them")
    func order() async throws {
        try await Stage.run { stage in
            let origin = try stage.origin { connection in
                while true {
                    let request = try connection.request()
                    try connection.answer("\(request.target)=\(String(decoding: request.body, as: UTF8.self))")
                }
            }
            let bookend = try stage.bookend([origin])
            let client = try bookend.connect()
            try client.send(
                (0..<50).map { $0 % 3 == 0 ? post("/\($0)", "body\($0)") : get("/\($0)") }.joined())
            for number in 0..<50 {
                #expect(try client.response().text == "/\(number)=" + (number % 3 == 0 ? "body\(number)" : ""))
            }
            #expect(origin.connectionCount == 1)
        }
    }

    @Test("A malformed second request does not harm the first answer")
    func malformedSecond() async throws {
        try await Stage.run { stage in
            let origin = try stage.origin { connection in
                while true {
                    try connection.request()
                    // Bookend has the second request long before this.
                    _ = connection.wire.isSilent(for: 0.1)
                    try connection.answer("first")
                }
            }
            let bookend = try stage.bookend([origin])
            let client = try bookend.connect()
            try client.send(get("/first") + "GET / HTTP/1.1\r\nHost : evil\r\n\r\n")
            #expect(try client.response().text == "first")
            #expect(try client.response().status == 400)
            #expect(client.isClosed() && origin.requests.count == 1)
        }
    }

    @Test("A connection serves as many requests as come, over one connection to the server")
    func keepAlive() async throws {
        try await Stage.run { stage in
            let origin = try stage.origin()
            let bookend = try stage.bookend([origin])
            let client = try bookend.connect()
            for _ in 0..<200 {
                try client.send(get())
                #expect(try client.response().status == 200)
            }
            #expect(origin.connectionCount == 1)
        }
    }

    @Test("Connection: close is kept: one answer, then the end")
    func close() async throws {
        try await Stage.run { stage in
            let bookend = try stage.bookend([try stage.origin()])
            let client = try bookend.connect()
            try client.send(get("/", "Connection: close\r\n") + get("/never"))
            let response = try client.response()
            #expect(response.status == 200 && response["connection"] == "close")
            #expect(client.isClosed())
        }
    }

    @Test("A client that has sent all it wants and said so still gets its answers")
    func halfClosed() async throws {
        try await Stage.run { stage in
            let origin = try stage.origin { connection in
                while true {
                    try connection.request()
                    _ = connection.wire.isSilent(for: 0.1)
                    try connection.answer("late")
                }
            }
            let bookend = try stage.bookend([origin])
            let client = try bookend.connect()
            try client.send(get() + get())
            client.finish()
            #expect(try client.response().text == "late")
            #expect(try client.response().text == "late")
            #expect(client.isClosed())
        }
    }

    @Test("Empty lines before a request are skipped")
    func emptyLines() async throws {
        try await Stage.run { stage in
            let bookend = try stage.bookend([try stage.origin()])
            let client = try bookend.connect()
            try client.send("\r\n" + get() + "\r\n" + get())
            for _ in 0..<2 { #expect(try client.response().status == 200) }
        }
    }
}
