import Testing

@Suite("Admin API")
struct AdminTests {
    @Test("The socket and its folder are for their owner only")
    func permissions() async throws {
        try await Stage.run { stage in
            let origin = try stage.origin()
            let folder = stage.path("made/here")
            let socket = "\(folder)/admin.sock"
            let file = try stage.file(
                "bookend.yaml", "admin: { socket: \(socket) }\nlisten: 127.0.0.1:0\nservers: { a: \(origin.address) }\n"
            )
            let program = try stage.start(Binary.path(), ["run", file], named: "bookend")
            let bookend = try Bookend(program, adminSocket: socket)
            stage.atEnd { bookend.end() }
            #expect(mode(of: socket) == 0o600 && mode(of: folder) == 0o700)
        }
    }

    @Test("Status, pools, servers and health are served as JSON and text")
    func reads() async throws {
        try await Stage.run { stage in
            let bookend = try stage.bookend([try stage.origin("web-01"), try stage.origin("web-02")])
            let health = try bookend.ask(admin: "/healthz")
            #expect(health.status == 200 && health.text == "ok\n")
            for target in ["/v1/status", "/v1/pools", "/v1/servers"] {
                let response = try bookend.ask(admin: target)
                #expect(response.status == 200 && response["content-type"] == "application/json", "\(target)")
                #expect(response.text.contains("\"web-01\"") && response.text.contains("\"web-02\""))
                let head = try bookend.ask(admin: target, method: "HEAD")
                #expect(head.status == 200)
            }
        }
    }

    @Test("The status of a fleet of 500 servers is whole")
    func largeFleet() async throws {
        try await Stage.run { stage in
            let origin = try stage.origin("web-01")
            let others = (1..<500).map { "s\($0): 127.1.\($0 / 250).\($0 % 250):\(origin.port)" }
            let bookend = try stage.bookend(addresses: ["web-01: \(origin.address)"] + others)
            #expect(try bookend.status().servers.count == 500)
        }
    }

    @Test("What is not there is a problem document: 404, 405 with Allow, 400")
    func problems() async throws {
        try await Stage.run { stage in
            let bookend = try stage.bookend([try stage.origin()])
            let missing = try bookend.ask(admin: "/v1/nothing\"quoted")
            #expect(missing.status == 404 && missing["content-type"] == "application/problem+json")
            #expect(missing.text.contains("\"status\":404"))
            let refused = try bookend.ask(admin: "/v1/status", method: "POST")
            #expect(refused.status == 405 && refused["content-type"] == "application/problem+json")
            #expect(refused["allow"] == "GET, HEAD")
            let broken = Connection(owning: try UnixSocket.connect(to: bookend.adminSocket))
            try broken.send("BAD\r\n\r\n")
            #expect(try broken.response().status == 400)
        }
    }

    @Test("HEAD has no body, and an answer is the last thing on its connection")
    func framing() async throws {
        try await Stage.run { stage in
            let bookend = try stage.bookend([try stage.origin()])
            let head = Connection(owning: try UnixSocket.connect(to: bookend.adminSocket))
            try head.send("HEAD /healthz HTTP/1.1\r\nHost: bookend\r\n\r\n")
            #expect(try head.response(to: "HEAD").status == 200)
            #expect(head.isClosed(), "no byte after the head")
        }
    }

    @Test("Nobody who stays on the socket keeps others from it")
    func crowd() async throws {
        try await Stage.run { stage in
            let bookend = try stage.bookend([try stage.origin()])
            let held = try (0..<40).map { _ in Connection(owning: try UnixSocket.connect(to: bookend.adminSocket)) }
            for one in held { try one.send("GET /v1/") }
            #expect(try bookend.status().workers == 1)
        }
    }
}
