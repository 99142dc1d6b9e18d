import Glibc
import Testing

@Suite("Recycles that go wrong")
struct RecycleTroubleTests {
    private let watched = ["health: { path: /, every: 50ms }", "slow-start: 1s", "admission: { limiter: off }"]

    private func bookend(_ stage: Stage, _ lines: [String], mayDie: Bool = false) throws -> Bookend {
        let yaml = """
            workers: 1
            listeners: [{ bind: "127.0.0.1:0", pool: main }]
            pools:
              main:
            \(watched.map { "    \($0)\n" }.joined())    servers:
            \(lines.map { "      \($0)\n" }.joined())
            """
        let bookend = try stage.bookend(yaml: yaml, mayDie: mayDie)
        try eventually("all are healthy") { try bookend.status().servers.allSatisfy { $0.state == "healthy" } }
        return bookend
    }

    private func verb(_ stage: Stage, _ bookend: Bookend, _ arguments: String...) throws -> Finished {
        try stage.verb(arguments + ["--admin", bookend.adminSocket], environment: ["SUDO_USER=ada"])
    }

    private func line(_ origin: Origin, _ recycle: String) -> String {
        "\(origin.name): { address: \(origin.address), max-in-flight: 100, recycle: \(recycle) }"
    }

    @Test(
        "A hook that fails: the server is back, the rest of the pool is left alone, and an alarm lasts until it is ended"
    )
    func fails() async throws {
        try await Stage.run { stage in
            let origins = try ["web-01", "web-02"].map { try stage.origin($0) }
            let failing = #"{ command: [sh, -c, "echo no disk; exit 7"] }"#
            let bookend = try bookend(stage, origins.map { line($0, failing) })
            let done = try verb(stage, bookend, "recycle", "main", "--wait")
            #expect(done.code == 1, "\(done.text)")
            #expect(
                done.text.contains("web-01: is back, but its clean-up hook failed: it ended with code 7\n  | no disk"))
            #expect(done.text.contains("web-02: is not recycled, as web-01 went wrong before it"), "\(done.text)")
            try eventually("both serve") { try bookend.status().servers.allSatisfy { $0.rotation == "serving" } }
            #expect(try bookend.status().alarms.contains { $0.kind == "recycle-failed" && $0.severity == "page" })
            let log = bookend.program.errors
            #expect(log.contains("ALARM: the last recycle of web-01 went wrong"))
            #expect(
                log.contains("web-01: its clean-up hook failed: it ended with code 7; it wrote last: no disk"), "\(log)"
            )
            #expect(try verb(stage, bookend, "recycle", "web-01", "--cancel").text == "web-01: the alarm is over.\n")
            #expect(try bookend.status().alarms.isEmpty)
        }
    }

    @Test("A hook that hangs is ended with all that it started, and the server is back")
    func hangs() async throws {
        try await Stage.run { stage in
            let origins = try ["web-01", "web-02"].map { try stage.origin($0) }
            let pid = stage.path("sleeper")
            let hanging = #"{ command: [sh, -c, "sleep 600 & echo $! > \#(pid); sleep 600"], timeout: 1s }"#
            let bookend = try bookend(stage, origins.map { line($0, hanging) })
            let done = try verb(stage, bookend, "recycle", "web-01", "--wait")
            #expect(
                done.code == 1 && done.text.contains("its clean-up hook took too long and was ended"), "\(done.text)")
            let sleeper = readText(pid).filter(\.isNumber)
            #expect(!sleeper.isEmpty)
            try eventually("what it started is gone") {
                let state = readText("/proc/\(sleeper)/stat")
                return state.isEmpty || state.contains(") Z")
            }
            try eventually("both serve") { try bookend.status().servers.allSatisfy { $0.rotation == "serving" } }
        }
    }

    @Test("What is no program, and a server without a hook, are told")
    func missing() async throws {
        try await Stage.run { stage in
            let origins = try ["web-01", "web-02"].map { try stage.origin($0) }
            let bookend = try bookend(
                stage, [line(origins[0], "/no/such/program now"), "web-02: \(origins[1].address)"])
            let none = try verb(stage, bookend, "recycle", "web-02")
            #expect(
                none.code == 1 && none.errors.contains("web-02 has no clean-up hook: `recycle` in the configuration"))
            let done = try verb(stage, bookend, "recycle", "web-01", "--wait")
            #expect(done.code == 1 && done.text.contains("could not be run: /no/such/program: "), "\(done.text)")
        }
    }

    @Test("A server that does not come up after its hook is overdue, and the next one of its pool waits for it")
    func notReady() async throws {
        try await Stage.run { stage in
            let gate = Switch()
            let sick = try stage.origin("web-01") { connection in
                while true {
                    try connection.request()
                    try connection.answer(status: gate.isOn ? "200 OK" : "500 Broken")
                }
            }
            let other = try stage.origin("web-02")
            let bookend = try bookend(
                stage, [line(sick, #"{ command: [sleep, "1"], ready: 1s }"#), line(other, "sleep 0")])
            #expect(try verb(stage, bookend, "recycle", "main").code == 0)
            try eventually("its hook runs") { try bookend.status().recycles.first?.phase == "hook" }
            gate.set(false)
            try eventually("it is overdue", within: 20) { try bookend.status().recycles.first?.phase == "overdue" }
            #expect(try bookend.status().alarms.contains { $0.kind == "overdue" && $0.severity == "page" })
            usleep(2_000_000)
            #expect(try bookend.status().recycles.last?.phase == "waiting", "the next one waits")
            gate.set(true)
            try eventually("both are done", within: 30) { try bookend.status().recycles.isEmpty }
            #expect(try bookend.ask(admin: "/v1/servers/web-02/recycle").text.contains(#""outcome":"done""#))
        }
    }

    @Test("kill -9 of the worker process while a hook runs: the hook goes on, its end is heard, and the server is back")
    func workerKilled() async throws {
        try await Stage.run { stage in
            let services = [try stage.service("web-01"), try stage.service("web-02", restartsIn: 2)]
            let bookend = try bookend(stage, services.map { $0.line() }, mayDie: true)
            #expect(try verb(stage, bookend, "recycle", "web-02").code == 0)
            try eventually("its hook runs") { services[1].notes == ["begin web-02"] }
            try eventually("its lease is written") { try bookend.status().leases.first?.kept == true }
            let worker = try bookend.status().process
            kill(worker, SIGKILL)
            try eventually("another serves") { (try? bookend.status().process).map { $0 != worker } ?? false }
            #expect(try bookend.status().recycles.first?.phase == "hook")
            for _ in 0..<5 { #expect(try bookend.ask().text.hasPrefix("web-01 ")) }
            try eventually("it is over", within: 20) { try bookend.status().recycles.isEmpty }
            #expect(services[1].notes == ["begin web-02", "end web-02"], "once")
            let answer = try bookend.ask(admin: "/v1/servers/web-02/recycle")
            #expect(answer.text.contains(#""outcome":"done""#), "\(answer.text)")
        }
    }

    @Test(
        "kill -9 of all of Bookend while a hook runs: the next one checks the server in time, and nobody is forgotten")
    func allKilled() async throws {
        try await Stage.run { stage in
            let services = [try stage.service("web-01"), try stage.service("web-02", restartsIn: 1)]
            let lines = services.map { $0.line(more: ", timeout: 8s") }
            let first = try bookend(stage, lines, mayDie: true)
            #expect(try verb(stage, first, "recycle", "web-02").code == 0)
            try eventually("its hook runs") { services[1].notes == ["begin web-02"] }
            try eventually("its lease is written") { try first.status().leases.first?.kept == true }
            first.end()
            let second = try stage.bookend(
                yaml: readText(stage.path("bookend.yaml")).split(separator: "\n").dropFirst(2).joined(separator: "\n"),
                mayDie: true)
            #expect(try second.status().leases.first?.owner == "bookend")
            try eventually("the hook ends all the same", within: 10) { services[1].notes.count == 2 }
            try eventually("it is back", within: 60) { try second.status().leases.isEmpty }
            #expect(try second.status().servers.allSatisfy { $0.rotation == "serving" })
        }
    }

    @Test("Wrong usage is 2, nobody there is 3, and what the admin API cannot take says why")
    func problems() async throws {
        try await Stage.run { stage in
            for arguments in [["recycle"], ["recycle", "a", "--why", ""], ["recycle", "a", "--wait", "--cancel"]] {
                let verb = try stage.verb(arguments)
                #expect(verb.code == 2 && verb.errors.contains("Usage:"), "\(arguments): \(verb.code)")
            }
            #expect(try stage.verb(["recycle", "a", "--admin", stage.path("none.sock")]).code == 3)
            let origins = try ["web-01", "web-02"].map { try stage.origin($0) }
            let bookend = try bookend(stage, [line(origins[0], "sleep 600"), "web-02: \(origins[1].address)"])
            func ask(_ method: String, _ path: String, _ body: String? = nil) throws -> Int {
                let answer = try bookend.ask(admin: path, method: method, body: body)
                if answer.status != 200 { #expect(answer["content-type"] == "application/problem+json") }
                return answer.status
            }
            let (server, good) = ("/v1/servers/web-01/recycle", #"{"by": "x", "why": "y"}"#)
            #expect(try ask("GET", server) == 404 && ask("DELETE", server, #"{"by": "x"}"#) == 404)
            for bad in ["{", "[]", #"{"by": "x"}"#, #"{"why": "x"}"#, #"{"by": "x", "why": "a\nb"}"#] {
                #expect(try ask("POST", server, bad) == 400, "\(bad)")
            }
            #expect(try ask("POST", "/v1/servers/web-02/recycle", good) == 409)
            #expect(try ask("POST", "/v1/pools/none/recycle", good) == 404 && ask("PUT", server, good) == 405)
            #expect(try ask("POST", server, good) == 200 && ask("POST", server, good) == 409)
            #expect(
                try ask("GET", "/v1/pools/main/recycle") == 200 && ask("DELETE", "/v1/pools/main/recycle", good) == 200)
            #expect(try verb(stage, bookend, "recycle", "web-09").errors.contains("there is no server web-09"))
        }
    }
}
