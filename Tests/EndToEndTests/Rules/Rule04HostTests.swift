import Testing

@Suite("Rules 4 and 17: start line and host")
struct Rule04HostTests {
    private static let host = "Host: bookty.example\r\n"

    @Test(
        "A start line or host that is none is refused and the connection closed, and no byte reaches a server",
        arguments: [
            ("GET / HTTP/1.1\r\n", 400), ("GET / HTTP/1.1\r\nHost: a\r\nHost: a\r\n", 400),
            ("GET / HTTP/1.1\r\nHost: a b\r\n", 400), ("GET / HTTP/1.1\r\nHost: a,b\r\n", 400),
            ("GET / HTTP/1.1\r\nHost: u@a\r\n", 400), ("GET / HTTP/1.1\r\nHost: a/b\r\n", 400),
            ("GET / HTTP/1.1\r\nHost: a:x\r\n", 400), ("GET / HTTP/1.1\r\nHost: a:99999\r\n", 400),
            ("GET path HTTP/1.1\r\n" + host, 400), ("GET /a b HTTP/1.1\r\n" + host, 400),
            ("GET  / HTTP/1.1\r\n" + host, 400), ("GET /  HTTP/1.1\r\n" + host, 400),
            ("GET /#top HTTP/1.1\r\n" + host, 400), ("GET * HTTP/1.1\r\n" + host, 400),
            ("GET /\u{1} HTTP/1.1\r\n" + host, 400), ("G(T / HTTP/1.1\r\n" + host, 400),
            ("GET bookty.example:80 HTTP/1.1\r\n" + host, 400), ("GET http://u@a/ HTTP/1.1\r\n" + host, 400),
            ("GET ftp://a/ HTTP/1.1\r\n" + host, 400), ("GET /\r\n" + host, 400),
            ("GET / http/1.1\r\n" + host, 400), ("GET / HTTP/1.10\r\n" + host, 400),
            ("GET / HTTP/2.0\r\n" + host, 505), ("GET / HTTP/1.2\r\n" + host, 505),
            ("GET / HTTP/0.9\r\n" + host, 505), (" GET / HTTP/1.1\r\n" + host, 400),
            ("CONNECT bookty.example:443 HTTP/1.1\r\n" + host, 405),
        ])
    func refused(_ head: String, _ status: Int) async throws {
        try await Stage.run { stage in
            let origin = try stage.origin()
            let bookend = try stage.bookend([origin])
            let client = try bookend.connect()
            try client.send(head + "\r\n" + get("/smuggled"))
            let response = try client.response()
            #expect(response.status == status && response["connection"] == "close")
            #expect(client.isClosed() && origin.connectionCount == 0)
        }
    }

    @Test("CONNECT is told which methods are served")
    func connect() async throws {
        try await Stage.run { stage in
            let bookend = try stage.bookend([try stage.origin()])
            let client = try bookend.connect()
            try client.send("CONNECT a:443 HTTP/1.1\r\nHost: a:443\r\n\r\n")
            #expect(try client.response()["allow"]?.contains("GET") == true)
        }
    }

    @Test("The host of an absolute target wins over Host, for routing and for the server")
    func absoluteForm() async throws {
        try await Stage.run { stage in
            let one = try stage.origin("one")
            let two = try stage.origin("two")
            let bookend = try stage.bookend(
                yaml: """
                    listeners:
                      - bind: 127.0.0.1:0
                        routes: [ { host: two.example, pool: two }, { pool: one } ]
                    pools: { one: { servers: { a: \(one.address) } }, two: { servers: { b: \(two.address) } } }
                    """)
            let client = try bookend.connect()
            try client.send("GET http://two.example/path?q=1 HTTP/1.1\r\nHost: one.example\r\n\r\n")
            #expect(try client.response().text == "two")
            #expect(two.requests[0].target == "/path?q=1" && two.requests[0]["host"] == "two.example")
            try client.send("GET http://two.example?q HTTP/1.1\r\nHost: one.example\r\n\r\n")
            #expect(try client.response().text == "two")
            #expect(two.requests[1].target == "/?q")
        }
    }

    @Test("OPTIONS * goes through as it is")
    func asterisk() async throws {
        try await Stage.run { stage in
            let origin = try stage.origin()
            let bookend = try stage.bookend([origin])
            let client = try bookend.connect()
            try client.send("OPTIONS * HTTP/1.1\r\nHost: bookty.example\r\n\r\n")
            #expect(try client.response().status == 200)
            #expect(origin.requests[0].target == "*")
        }
    }

    @Test(
        "A TLS hello or an HTTP/2 preface is refused at once, without waiting for more",
        arguments: ["\u{16}\u{3}\u{1}\u{2}\u{0}\u{1}\u{0}", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"] as [Bytes])
    func otherProtocol(_ opening: Bytes) async throws {
        try await Stage.run { stage in
            let origin = try stage.origin()
            let bookend = try stage.bookend([origin])
            let client = try bookend.connect()
            let began = secondsNow()
            try client.send(opening.text)
            #expect(try client.response().status == 400)
            #expect(client.isClosed() && secondsNow() - began < 5 && origin.connectionCount == 0)
        }
    }
}
