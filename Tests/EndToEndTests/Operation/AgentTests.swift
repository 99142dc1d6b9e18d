import Glibc
import Testing

@Suite("Reports of a server's memory")
struct AgentTests {
    @Test("A report bounds the server, until it is old")
    func report() async throws {
        try await Stage.run { stage in
            let bookend = try stage.bookend([try stage.origin("web-01")])
            let full = "{\"memory_used_bytes\": 127000000, \"memory_limit_bytes\": 134217728}"
            let answer = try bookend.ask(admin: "/v1/servers/web-01/report", method: "POST", body: full)
            #expect(answer.status == 204 && answer["content-length"] == nil)
            let server = try bookend.status().servers[0]
            #expect(server.cap == 1 && server.capReason == "memory" && server.memory?.limitBytes == 134_217_728)
            try eventually("a silent agent bounds nothing") { try bookend.status().servers[0].memory == nil }
            try eventually("the cap is the limiter's again") { try bookend.status().servers[0].capReason == "learning" }
        }
    }

    @Test("How long tasks waited for memory is shown, and bounds nothing")
    func pressure() async throws {
        try await Stage.run { stage in
            let bookend = try stage.bookend([try stage.origin("web-01")])
            let report = "{\"memory_used_bytes\": 1000, \"memory_limit_bytes\": 134217728, \"memory_pressure\": 0.75}"
            #expect(try bookend.ask(admin: "/v1/servers/web-01/report", method: "POST", body: report).status == 204)
            let server = try bookend.status().servers[0]
            #expect(server.memory?.pressure == 0.75 && server.capReason == "learning")
            let screen = try stage.verb(["status", "--admin", bookend.adminSocket]).text
            #expect(screen.contains("75.0% of the time"), "\(screen)")
        }
    }

    @Test("What cannot be taken says why")
    func refused() async throws {
        try await Stage.run { stage in
            let bookend = try stage.bookend([try stage.origin("web-01")])
            func post(_ name: String, _ body: String) throws -> (Int, String) {
                let answer = try bookend.ask(admin: "/v1/servers/\(name)/report", method: "POST", body: body)
                return (answer.status, answer.text)
            }
            let good = "{\"memory_used_bytes\": 1, \"memory_limit_bytes\": 2}"
            #expect(
                try post("web-09", good) == (
                    404,
                    #"{"detail":"there is no server web-09; GET /v1/servers lists them","status":404,"title":"Not Found"}"#
                ))
            for bad in [
                "", "{", "[]", "{\"memory_used_bytes\": 1}", "{\"memory_used_bytes\": -1, \"memory_limit_bytes\": 2}",
                "{\"memory_used_bytes\": 1, \"memory_limit_bytes\": 1e400}", String(repeating: "[", count: 16_000),
                "{\"memory_used_bytes\": 1, \"memory_limit_bytes\": NaN}", "\u{0}\u{1}{}",
                "{\"memory_used_bytes\": 1, \"memory_limit_bytes\": 2, \"memory_pressure\": 1.5}",
            ] {
                #expect(try post("web-01", bad).0 == 400, "\(bad)")
            }
            #expect(try post("web-01", String(repeating: " ", count: 20_000)).0 == 413)
            #expect(try bookend.ask(admin: "/v1/servers/web-01/report").status == 405)
            #expect(try bookend.ask(admin: "/v1/status").status == 200)
        }
    }

    @Test("The agent reports a process, through a restart of Bookend")
    func agent() async throws {
        try await Stage.run { stage in
            let bookend = try stage.bookend(
                yaml: "workers: 1\nlisten: 127.0.0.1:0\nservers: { web-01: \(try stage.origin().address) }\n",
                mayDie: true)
            _ = try stage.start(
                Binary.path(), ["agent", "--server", "web-01", "--to", bookend.adminSocket, "--pid", "\(getpid())"],
                named: "agent")
            try eventually("the memory is known") { try (bookend.status().servers[0].memory?.usedBytes ?? 0) > 1 << 20 }
            let first = try bookend.killWorker()
            try eventually("the memory is known to the next one") {
                bookend.worker != first && (try? bookend.status().servers[0].memory?.usedBytes ?? 0) ?? 0 > 1 << 20
            }
        }
    }

    @Test("An agent without a service, or with several, is wrong usage")
    func usage() async throws {
        try await Stage.run { stage in
            for service in [[], ["--pid", "1", "--unit", "x"]] {
                let verb = try stage.verb(["agent", "--server", "a", "--to", "b"] + service)
                #expect(verb.code == 2 && verb.errors.contains("one of --unit, --cgroup and --pid"))
            }
        }
    }
}
