import Glibc
import Testing

private let token = "correct-horse-battery-staple"

@Suite("Admin API over TCP")
struct AdminNetworkTests {
    private let report = "{\"memory_used_bytes\": 1000000, \"memory_limit_bytes\": 134217728}"

    @Test("On loopback everybody may read, and a change needs the token")
    func loopback() async throws {
        try await Stage.run { stage in
            let bookend = try stage.bookend([try stage.origin("web-01")], token: token)
            #expect(try bookend.ask(network: "/v1/status").status == 200)
            #expect(try bookend.ask(network: "/v1/status", token: token).status == 200)
            #expect(try bookend.ask(network: "/v1/status", token: "another-token-of-mine").status == 401)
            let target = "/v1/servers/web-01/report"
            let refused = try bookend.ask(network: target, method: "POST", body: report)
            #expect(refused.status == 401 && refused["www-authenticate"] == "Bearer realm=\"bookend\"")
            #expect(refused["content-type"] == "application/problem+json")
            #expect(try bookend.status().servers[0].memory == nil, "nothing was changed")
            #expect(try bookend.ask(network: target, method: "POST", token: token, body: report).status == 204)
            #expect(try bookend.status().servers[0].memory != nil)
        }
    }

    @Test("Without a token file a loopback address is for reading only")
    func readOnly() async throws {
        try await Stage.run { stage in
            let bookend = try stage.bookend(
                yaml: "workers: 1\nlisten: 127.0.0.1:0\nservers: { web-01: \(try stage.origin().address) }\n",
                admin: ["bind: 127.0.0.1:0"])
            #expect(try bookend.ask(network: "/v1/status").status == 200)
            for given in [nil, token] {
                let target = "/v1/servers/web-01/report"
                let refused = try bookend.ask(network: target, method: "POST", token: given, body: report)
                #expect(refused.status == 403 && refused.text.contains("token-file"))
            }
        }
    }

    @Test("A page of another site that leads its name here reads nothing")
    func rebinding() async throws {
        try await Stage.run { stage in
            let bookend = try stage.bookend([try stage.origin()], token: token)
            #expect(try bookend.ask(network: "/v1/status", host: "evil.example").status == 421)
            #expect(try bookend.ask(network: "/v1/status", host: "localhost").status == 200)
        }
    }

    @Test("Where other machines can ask, nothing is told without the token")
    func everywhere() async throws {
        try await Stage.run { stage in
            // Every interface: what is asked here still comes from this machine.
            let bookend = try stage.bookend([try stage.origin()], bind: "0.0.0.0:0", token: token)
            for target in ["/v1/status", "/metrics", "/v1/events", "/healthz", "/v1/openapi.json", "/nothing"] {
                #expect(try bookend.ask(network: target).status == 401, "\(target)")
            }
            #expect(try bookend.ask(network: "/v1/status", token: token).status == 200)
            #expect(try bookend.ask(admin: "/v1/status").status == 200, "the socket asks for nothing")
        }
    }

    @Test("A new token counts within seconds, and the old one no more")
    func rotated() async throws {
        try await Stage.run { stage in
            let bookend = try stage.bookend([try stage.origin()], token: token)
            try writeFile(stage.path("token"), "a-fresh-token-for-today\n")
            try eventually("the new one counts", within: 20) {
                try bookend.ask(network: "/v1/status", token: "a-fresh-token-for-today").status == 200
            }
            #expect(try bookend.ask(network: "/v1/status", token: token).status == 401)
        }
    }

    @Test("It lives on with the next worker process, on the same port")
    func restarted() async throws {
        try await Stage.run { stage in
            let bookend = try stage.bookend([try stage.origin()], token: token, mayDie: true)
            let first = try bookend.killWorker()
            try eventually("another worker process serves") { bookend.worker > 1 && bookend.worker != first }
            #expect(try bookend.ask(network: "/v1/status").status == 200)
        }
    }

    @Test("What cannot be read to its end is refused, and the answer arrives")
    func bounded() async throws {
        try await Stage.run { stage in
            let bookend = try stage.bookend([try stage.origin("web-01")], token: token)
            let large = String(repeating: " ", count: 200_000)
            let target = "/v1/servers/web-01/report"
            #expect(try bookend.ask(network: target, method: "POST", token: token, body: large).status == 413)
            #expect(try bookend.ask(network: target, method: "POST", body: large).status == 401)
            #expect(try bookend.ask(network: "/" + String(repeating: "x", count: 5_000)).status == 414)
            let client = try Connection(to: bookend.adminPort)
            try client.send("GET /v1/status HTTP/1.1\r\nHost: localhost\r\nX: \(String(repeating: "x", count: 20_000))")
            #expect(try client.response().status == 431)
            let chunked = try Connection(to: bookend.adminPort)
            try chunked.send(
                "POST \(target) HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer \(token)\r\n"
                    + "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n")
            #expect(try chunked.response().status == 411)
        }
    }

    @Test("Those who only hold connections keep nobody out, and are closed")
    func crowd() async throws {
        try await Stage.run { stage in
            let bookend = try stage.bookend([try stage.origin()], token: token)
            var held: [Connection] = []
            for _ in 0..<300 {
                held.append(try Connection(to: bookend.adminPort))
                try? held.last?.send("GET /v1/")
            }
            for _ in 0..<20 {
                #expect(try bookend.ask(network: "/v1/status").status == 200)
                try held[299].send("x")
            }
            #expect(held[0].isClosed(), "the first to come is the first to go")
            #expect(held[299].isClosed(), "and the last after ten seconds, though a byte comes now and then")
        }
    }
}

@Suite("Starting with an admin API over TCP")
struct AdminNetworkStartTests {
    private func start(_ stage: Stage, _ admin: String) throws -> Finished {
        try stage.verb([
            "run",
            stage.file(
                "bookend.yaml",
                """
                state: \(stage.folder)/state
                admin: { socket: \(stage.folder)/admin.sock, \(admin) }
                listen: 127.0.0.1:0
                servers: { a: 127.0.0.1:9, b: 127.0.0.1:10 }
                """),
        ])
    }

    @Test("An address that others reach is refused without a token file")
    func open() async throws {
        try await Stage.run { stage in
            let run = try start(stage, "bind: 0.0.0.0:0")
            #expect(run.code == 1 && run.errors.contains("bookend.yaml:2:"), "\(run.errors)")
            #expect(run.errors.contains("can be reached from other machines"))
        }
    }

    @Test("A token file that is missing, short or a folder is said with its place")
    func token() async throws {
        try await Stage.run { stage in
            let missing = try start(stage, "bind: 127.0.0.1:0, token-file: \(stage.path("none"))")
            #expect(missing.code == 1 && missing.errors.contains("No such file") && missing.errors.contains("yaml:2:"))
            let short = try start(stage, "bind: 127.0.0.1:0, token-file: \(stage.file("short", "abc\n"))")
            #expect(
                short.code == 1 && short.errors.contains("no token of 16 to 512") && short.errors.contains("base64"))
            let folder = try start(stage, "bind: 127.0.0.1:0, token-file: \(stage.folder)")
            #expect(folder.code == 1 && folder.errors.contains("is no file"), "\(folder.errors)")
        }
    }

    @Test("A port in use is said with its place")
    func portInUse() async throws {
        try await Stage.run { stage in
            let (socket, port) = try Socket.listening()
            defer { close(socket) }
            let run = try start(stage, "bind: 127.0.0.1:\(port)")
            #expect(run.code == 1 && run.errors.contains("yaml:2:") && run.errors.contains("the port is in use"))
        }
    }

    @Test("A token that everybody may read is a warning, by check and by run")
    func exposed() async throws {
        try await Stage.run { stage in
            let file = try stage.file("token", "correct-horse-battery-staple")
            chmod(file, 0o644)
            let configuration = try stage.file(
                "check.yaml",
                "admin: { bind: 127.0.0.1:0, token-file: \(file) }\nlisten: 127.0.0.1:0\nservers: { a: 127.0.0.1:9 }\n")
            let exposed = try stage.verb(["check", configuration])
            #expect(exposed.code == 0 && exposed.errors.contains("every user of this machine may read the token"))
            chmod(file, 0o600)
            #expect(try !stage.verb(["check", configuration]).errors.contains("may read the token"))
        }
    }
}
