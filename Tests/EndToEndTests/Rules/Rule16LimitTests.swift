import Testing

@Suite("Rule 16: limits and methods")
struct Rule16LimitTests {
    @Test("A head beyond its limit is 431, one just below passes")
    func head() async throws {
        try await Stage.run { stage in
            let origin = try stage.origin()
            let bookend = try stage.bookend([origin], listener: ["limits: { head: 2KiB }"])
            #expect(try bookend.ask("GET", "/", "X: " + String(repeating: "y", count: 1_900) + "\r\n").status == 200)
            let client = try bookend.connect()
            try client.send(get("/", "X: " + String(repeating: "y", count: 3_000) + "\r\n"))
            #expect(try client.response().status == 431)
            #expect(client.isClosed() && origin.requests.count == 1)
        }
    }

    @Test("More fields than the limit are 431")
    func fields() async throws {
        try await Stage.run { stage in
            let origin = try stage.origin()
            let bookend = try stage.bookend([origin], listener: ["limits: { fields: 10 }"])
            #expect(try bookend.ask("GET", "/", String(repeating: "X: y\r\n", count: 9)).status == 200)
            #expect(try bookend.ask("GET", "/", String(repeating: "X: y\r\n", count: 10)).status == 431)
        }
    }

    @Test("A target that is too long is 414, and a method that is none 501")
    func startLine() async throws {
        try await Stage.run { stage in
            let bookend = try stage.bookend([try stage.origin()])
            #expect(try bookend.ask("GET", "/" + String(repeating: "a", count: 16_000)).status == 200)
            #expect(try bookend.ask("GET", "/" + String(repeating: "a", count: 17_000)).status == 414)
            #expect(try bookend.ask(String(repeating: "A", count: 1_000)).status == 501)
        }
    }

    @Test("A head without an end is refused at the limit, not stored")
    func endless() async throws {
        try await Stage.run { stage in
            let bookend = try stage.bookend([try stage.origin()])
            let client = try bookend.connect()
            let response = try floodAndRead(client, "GET / HTTP/1.1\r\nHost: a\r\nX: ")
            #expect(response.status == 431)
            let line = try floodAndRead(try bookend.connect(), "GET /")
            #expect(line.status == 414 || line.status == 431)
        }
    }

    private func floodAndRead(_ client: Connection, _ beginning: String) throws -> Response {
        try client.send(beginning)
        for _ in 0..<10 { try client.send([UInt8](repeating: UInt8(ascii: "a"), count: 10_000)) }
        return try client.response()
    }

    @Test("A body beyond its limit is 413 before a byte of it reaches a server, when its length is told")
    func length() async throws {
        try await Stage.run { stage in
            let origin = try stage.origin()
            let bookend = try stage.bookend([origin], listener: ["limits: { body: 1KiB }"])
            let client = try bookend.connect()
            try client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1025\r\n\r\n")
            let response = try client.response()
            #expect(response.status == 413 && response["connection"] == "close" && client.isClosed())
            #expect(origin.connectionCount == 0)
            let fitting = try bookend.connect()
            try fitting.send(post("/", String(repeating: "x", count: 1_024)))
            #expect(try fitting.response().status == 200)
        }
    }

    @Test("A chunked body beyond its limit is 413, and the server never takes it for whole")
    func chunked() async throws {
        try await Stage.run { stage in
            let origin = try stage.origin()
            let bookend = try stage.bookend([origin], listener: ["limits: { body: 1KiB }"])
            let client = try bookend.connect()
            try client.send(chunkedPost())
            for _ in 0..<11 { try client.send("64\r\n" + String(repeating: "x", count: 100) + "\r\n") }
            try client.send("0\r\n\r\n")
            #expect(try client.response().status == 413)
            #expect(client.isClosed())
            try eventually("the server's connection is closed") { origin.openConnections == 0 }
            #expect(origin.requests.isEmpty)
        }
    }

    @Test("A client with too many connections gets no more until one ends; others are not concerned")
    func connections() async throws {
        try await Stage.run { stage in
            let bookend = try stage.bookend([try stage.origin()], listener: ["limits: { connections-per-client: 3 }"])
            var held: [Connection] = []
            for _ in 0..<3 {
                let client = try bookend.connect()
                try client.send(get())
                #expect(try client.response().status == 200)
                held.append(client)
            }
            #expect(try bookend.connect().isClosed())
            let other = try bookend.connect(from: "127.0.0.2")
            try other.send(get())
            #expect(try other.response().status == 200)
            held.removeLast().close()
            try eventually("there is room again") { (try? bookend.ask().status) == 200 }
        }
    }

    @Test("Methods pass as they are, unknown ones too", arguments: ["PROPFIND", "get", "X-M~1", "DELETE", "PATCH"])
    func methods(_ method: String) async throws {
        try await Stage.run { stage in
            let origin = try stage.origin()
            let bookend = try stage.bookend([origin])
            #expect(try bookend.ask(method).status == 200)
            #expect(origin.requests[0].method == method)
        }
    }

    @Test(
        "Heads of the largest size that may be configured pass, of requests and of responses, and what is larger is refused"
    )
    func largest() async throws {
        try await Stage.run { stage in
            let origin = try stage.origin { connection in
                while true {
                    let request = try connection.request()
                    let count = Int(request["x-answer"] ?? "0") ?? 0
                    try connection.answer(fields: "X-Big: \(String(repeating: "b", count: count))\r\n")
                }
            }
            let log = stage.path("access.log")
            let bookend = try stage.bookend(
                [origin], top: ["access-log: { path: \(log) }"],
                listener: ["limits: { head: 64KiB, fields: 1000 }", "trusted-proxies: [127.0.0.0/8]"])
            let client = try bookend.connect()
            func ask(_ fields: String) throws -> Int {
                let client = try bookend.connect()
                try client.send(get("/", fields))
                return try client.response().status
            }
            for count in [31_000, 60_000, 65_000, 65_400] {
                #expect(try ask("X-Forwarded-For: \(String(repeating: "1", count: count))\r\n") == 200, "\(count)")
                #expect(try ask("User-Agent: \(String(repeating: "\"", count: count))\r\n") == 200, "\(count)")
                #expect(try ask("X-Answer: \(count)\r\n") == 200, "\(count)")
            }
            #expect(try ask("X-Answer: 66000\r\n") == 502)
            #expect(try ask(String(repeating: "Forwarded: a\r\nX-Forwarded-For: 1\r\n", count: 499)) == 200)
            #expect(try ask("X: \(String(repeating: "1", count: 66_000))\r\n") == 431)
            withExtendedLifetime(client) {}
        }
    }
}
