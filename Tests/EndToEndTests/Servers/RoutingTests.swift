import Testing

@Suite("Routing")
struct RoutingTests {
    private func twoPools(_ stage: Stage, routes: String) throws -> Bookend {
        let api = try stage.origin("api")
        let web = try stage.origin("web")
        return try stage.bookend(
            yaml: """
                listeners:
                  - bind: 127.0.0.1:0
                    routes: [ \(routes) ]
                pools:
                  api: { servers: { a: \(api.address) } }
                  web: { servers: { b: \(web.address) } }
                """)
    }

    private func ask(_ bookend: Bookend, _ host: String, _ target: String) throws -> Response {
        let client = try bookend.connect()
        try client.send("GET \(target) HTTP/1.1\r\nHost: \(host)\r\n\r\n")
        return try client.response()
    }

    @Test("The first route that matches wins")
    func first() async throws {
        try await Stage.run { stage in
            let bookend = try twoPools(
                stage, routes: "{ host: bookty.example, path: /api/, pool: api }, { pool: web }")
            #expect(try ask(bookend, "bookty.example", "/api/books").text == "api")
            #expect(try ask(bookend, "BOOKTY.Example:8080", "/api/books?q=1").text == "api")
            #expect(try ask(bookend, "bookty.example", "/api").text == "web")
            #expect(try ask(bookend, "bookty.example", "/").text == "web")
            #expect(try ask(bookend, "other.example", "/api/books").text == "web")
        }
    }

    @Test("A path is compared by whole segments, a wildcard by whole labels")
    func wholeSegments() async throws {
        try await Stage.run { stage in
            let bookend = try twoPools(
                stage, routes: "{ path: /api, pool: api }, { host: '*.bookty.example', pool: api }, { pool: web }")
            for target in ["/api", "/api/", "/api/x", "/api?x"] {
                #expect(try ask(bookend, "a", target).text == "api", "\(target)")
            }
            for target in ["/apiary", "/ap", "/API", "/%61pi", "/x/api"] {
                #expect(try ask(bookend, "a", target).text == "web", "\(target)")
            }
            #expect(try ask(bookend, "www.bookty.example", "/").text == "api")
            #expect(try ask(bookend, "bookty.example", "/").text == "web")
            #expect(try ask(bookend, "evilbookty.example", "/").text == "web")
        }
    }

    @Test("What no route matches is 404, as JSON or as a page by Accept, with the request's id to quote")
    func noRoute() async throws {
        try await Stage.run { stage in
            let origin = try stage.origin()
            let bookend = try stage.bookend(
                yaml: """
                    listeners: [ { bind: "127.0.0.1:0", routes: [ { host: bookty.example, pool: web } ] } ]
                    pools: { web: { servers: { a: \(origin.address) } } }
                    """)
            let client = try bookend.connect()
            try client.send("GET / HTTP/1.1\r\nHost: other\r\nX-Request-Id: quote-me\r\n\r\n")
            let problem = try client.response()
            #expect(problem.status == 404 && problem["content-type"] == "application/problem+json")
            #expect(problem.text.contains("\"status\":404") && problem.text.contains("\"request_id\":\"quote-me\""))
            #expect(problem["x-request-id"] == "quote-me")
            try client.send("GET / HTTP/1.1\r\nHost: other\r\nAccept: text/html, */*;q=0.1\r\n\r\n")
            let page = try client.response()
            #expect(page.status == 404 && page["content-type"] == "text/html; charset=utf-8")
            #expect(page.text.hasPrefix("<!doctype html>"))
            try client.send("HEAD / HTTP/1.1\r\nHost: other\r\n\r\n")
            #expect(try client.response(to: "HEAD").status == 404)
            try client.send("GET / HTTP/1.1\r\nHost: bookty.example\r\n\r\n")
            #expect(try client.response().text == "a", "a request that matches none does no harm to the next")
        }
    }

    @Test("Each listener has its own routes")
    func listeners() async throws {
        try await Stage.run { stage in
            let one = try stage.origin("one")
            let two = try stage.origin("two")
            let bookend = try stage.bookend(
                yaml: """
                    listeners: [ { bind: "127.0.0.1:0", pool: one }, { bind: "[::1]:0", pool: two }, { bind: "127.0.0.2:0", pool: two } ]
                    pools: { one: { servers: { a: \(one.address) } }, two: { servers: { a: \(two.address) } } }
                    """)
            #expect(bookend.ports.count == 3)
            let status = try bookend.status()
            #expect(status.listeners[0] == "127.0.0.1:\(bookend.ports[0])", "the ports that the system chose")
            #expect(try bookend.ask().text == "one")
            #expect(try stage.curl(["http://[::1]:\(bookend.ports[1])/"]).text == "two")
            #expect(try stage.curl(["http://127.0.0.2:\(bookend.ports[2])/"]).text == "two")
        }
    }

    @Test("`listen: :PORT` takes IPv4 and IPv6 where the machine has both")
    func everyInterface() async throws {
        try await Stage.run { stage in
            let origin = try stage.origin()
            let bookend = try stage.bookend(yaml: "listen: :0\nservers: { a: \(origin.address) }\n")
            #expect(try stage.curl(["http://127.0.0.1:\(bookend.port)/"]).text == "a")
            #expect(origin.requests[0]["x-forwarded-for"] == "127.0.0.1")
            if fileExists("/proc/net/if_inet6"), !readFile("/proc/net/if_inet6").isEmpty {
                #expect(try stage.curl(["http://[::1]:\(bookend.port)/"]).text == "a")
                #expect(origin.requests[1]["x-forwarded-for"] == "::1")
                #expect(origin.requests[1]["forwarded"]?.contains("for=\"[::1]\"") == true)
            }
        }
    }
}
