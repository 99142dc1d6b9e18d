import Testing

/// varnish #4413, Caddy #6452: a reused connection that died is no proof that the server did nothing.
@Suite("Rule 11: what may be sent twice")
struct Rule11ReplayTests {
    /// Answers once on each connection; the first one dies with the second request on it, which was read whole.
    private func dying(_ stage: Stage) throws -> Origin {
        try stage.origin { connection in
            while true {
                let request = try connection.request()
                if connection.number == 0, request.target != "/warm" { return connection.wire.reset() }
                try connection.answer("\(connection.number)")
            }
        }
    }

    @Test("A GET on a kept connection that died is sent again, and the client notices nothing")
    func idempotent() async throws {
        try await Stage.run { stage in
            let origin = try dying(stage)
            let bookend = try stage.bookend([origin])
            #expect(try bookend.ask("GET", "/warm").status == 200)
            #expect(try bookend.ask("GET", "/again").text == "1")
            #expect(origin.requests.map(\.target) == ["/warm", "/again", "/again"])
        }
    }

    @Test("A POST is never sent twice: 502", arguments: ["POST", "PATCH", "BOOK"])
    func notIdempotent(_ method: String) async throws {
        try await Stage.run { stage in
            let origin = try dying(stage)
            let bookend = try stage.bookend([origin])
            #expect(try bookend.ask("GET", "/warm").status == 200)
            let client = try bookend.connect()
            try client.send("\(method) /order HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\nbook")
            #expect(try client.response().status == 502)
            #expect(origin.requests.filter { $0.target == "/order" }.count == 1)
        }
    }

    @Test("With `methods: none` nothing is sent twice")
    func never() async throws {
        try await Stage.run { stage in
            let origin = try dying(stage)
            let bookend = try stage.bookend([origin], pool: ["retries: { methods: none }"])
            #expect(try bookend.ask("GET", "/warm").status == 200)
            #expect(try bookend.ask("GET", "/once").status == 502)
            #expect(origin.requests.filter { $0.target == "/once" }.count == 1)
        }
    }

    @Test("A GET on a fresh connection that dies is not sent again: the request may be what kills the server")
    func fresh() async throws {
        try await Stage.run { stage in
            let origin = try stage.origin { connection in
                try connection.request()
                connection.wire.reset()
            }
            let bookend = try stage.bookend([origin])
            #expect(try bookend.ask().status == 502)
            #expect(origin.requests.count == 1)
        }
    }

    @Test("No request fails because the server closed an idle connection meanwhile, POST included")
    func closedWhileIdle() async throws {
        try await Stage.run { stage in
            let origin = try stage.origin { connection in
                try connection.request()
                try connection.answer()
            }
            let bookend = try stage.bookend([origin])
            for count in 1...20 {
                let client = try bookend.connect()
                try client.send(post("/\(count)", "book"))
                #expect(try client.response().status == 200)
                try eventually("the server has closed") { origin.openConnections == 0 }
            }
            #expect(origin.requests.count == 20)
        }
    }
}
