import Testing

@Suite("Rule 6: interim responses and Expect")
struct Rule06InterimTests {
    @Test("Any number of interim responses come before the final one, in order and byte for byte")
    func several() async throws {
        try await Stage.run { stage in
            let origin = try stage.origin { connection in
                try connection.request()
                for number in 0..<5 { try connection.send("HTTP/1.1 103 Early Hints\r\nLink: <\(number)>\r\n\r\n") }
                try connection.send("HTTP/1.1 102 Processing\r\n\r\n")
                try connection.answer("final")
            }
            let bookend = try stage.bookend([origin])
            let client = try bookend.connect()
            try client.send(get())
            for number in 0..<5 {
                let hint = try client.response()
                #expect(hint.status == 103 && hint["link"] == "<\(number)>")
            }
            #expect(try client.response().status == 102)
            #expect(try client.response().text == "final")
        }
    }

    @Test("An interim response does not wait for the final one")
    func atOnce() async throws {
        try await Stage.run { stage in
            let origin = try stage.origin { connection in
                try connection.request()
                try connection.send("HTTP/1.1 103 Early Hints\r\nLink: <a>\r\n\r\n")
                // Only when the hint has arrived does the client send this, on another connection.
                _ = try connection.wire.rest()
            }
            let bookend = try stage.bookend([origin])
            let client = try bookend.connect()
            try client.send(get())
            #expect(try client.response().status == 103)
        }
    }

    @Test("HTTP/1.0 knows no interim responses and gets none")
    func oldClient() async throws {
        try await Stage.run { stage in
            let origin = try stage.origin { connection in
                try connection.request()
                try connection.send("HTTP/1.1 103 Early Hints\r\nLink: <a>\r\n\r\n")
                try connection.answer("final")
            }
            let bookend = try stage.bookend([origin])
            let client = try bookend.connect()
            try client.send("GET / HTTP/1.0\r\n\r\n")
            let response = try client.response()
            #expect(response.status == 200 && response.text == "final")
        }
    }

    @Test("Expect: 100-continue reaches the server, its 100 the client, and the body follows")
    func continued() async throws {
        try await Stage.run { stage in
            let origin = try stage.origin { connection in
                let head = try connection.head()
                #expect(head["expect"] == "100-continue")
                try connection.send("HTTP/1.1 100 Continue\r\n\r\n")
                let body = try connection.wire.bytes(5)
                try connection.answer(String(decoding: body, as: UTF8.self))
            }
            let bookend = try stage.bookend([origin])
            let client = try bookend.connect()
            try client.send("POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n")
            #expect(try client.response().status == 100)
            try client.send("hello")
            #expect(try client.response().text == "hello")
        }
    }

    /// Go CVE-2024-24791: the next request was read as the body that never came.
    @Test("A final status in place of 100 ends both connections: what comes next cannot be told from the body")
    func refused() async throws {
        try await Stage.run { stage in
            let origin = try stage.origin { connection in
                try connection.head()
                try connection.answer("no", status: "417 Expectation Failed")
                _ = try connection.wire.rest()
            }
            let bookend = try stage.bookend([origin])
            let client = try bookend.connect()
            try client.send("POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n")
            let response = try client.response()
            #expect(response.status == 417 && response["connection"] == "close")
            try client.send(get("/smuggled"))
            #expect(client.isClosed())
            try eventually("the server's connection is closed") { origin.openConnections == 0 }
            #expect(origin.requests.count == 1)
        }
    }

    @Test(
        "curl's upload with Expect: 100-continue arrives whole, whether the server sends 100 or not",
        arguments: [true, false])
    func curl(says100: Bool) async throws {
        try await Stage.run { stage in
            let body = String(repeating: "bookend", count: 20_000)
            let origin = try stage.origin { connection in
                let head = try connection.head()
                if says100 { try connection.send("HTTP/1.1 100 Continue\r\n\r\n") }
                let body = try connection.wire.bytes(head.length ?? 0)
                try connection.answer("\(body.count)")
            }
            let bookend = try stage.bookend([origin])
            let file = try stage.file("upload", body)
            let curl = try stage.curl([
                "-T", file, "-H", "Expect: 100-continue", "--expect100-timeout", "0.3", bookend.url,
            ])
            #expect(curl.text == "140000" && curl.code == 0)
        }
    }

    @Test("A server that says nothing to Expect is late itself: 504, not the client's 408")
    func silence() async throws {
        try await Stage.run { stage in
            let bookend = try stage.bookend([try stage.silentOrigin()], pool: ["timeouts: { response: 200ms }"])
            let client = try bookend.connect()
            try client.send("POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n")
            #expect(try client.response().status == 504)
        }
    }

    @Test("A client that sends no body after the 100 it asked for is late itself: 408")
    func noBody() async throws {
        try await Stage.run { stage in
            let origin = try stage.origin { connection in
                try connection.head()
                try connection.send("HTTP/1.1 100 Continue\r\n\r\n")
                _ = try connection.wire.rest()
            }
            let bookend = try stage.bookend([origin], listener: ["timeouts: { body: 200ms }"])
            let client = try bookend.connect()
            try client.send("POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n")
            #expect(try client.response().status == 100)
            #expect(try client.response().status == 408)
        }
    }

    @Test("Interim responses that never end in a final one cost no memory")
    func flood() async throws {
        try await Stage.run { stage in
            let origin = try stage.origin { connection in
                try connection.request()
                for _ in 0..<20_000 { try connection.send("HTTP/1.1 103 Early Hints\r\nLink: <a>\r\n\r\n") }
                try connection.answer("final")
            }
            let bookend = try stage.bookend([origin])
            let before = bookend.residentBytes
            let client = try bookend.connect()
            try client.send(get())
            for _ in 0..<20_000 { #expect(try client.response().status == 103) }
            #expect(try client.response().text == "final")
            #expect(bookend.residentBytes - before < 4 << 20)
        }
    }
}
