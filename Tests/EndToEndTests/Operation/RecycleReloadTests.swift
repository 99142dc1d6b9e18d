import Glibc
import Testing

@Suite("Recycles beside changes of the configuration")
struct RecycleReloadTests {
    private func yaml(_ servers: [String]) -> String {
        """
        workers: 2
        listeners: [{ bind: "127.0.0.1:0", pool: main }]
        pools:
          main:
            health: { path: /, every: 50ms }
            slow-start: 1s
            admission: { limiter: off }
            servers:
        \(servers.map { "      \($0)\n" }.joined())
        """
    }

    private func bookend(_ stage: Stage, _ servers: [String]) throws -> Bookend {
        let bookend = try stage.bookend(yaml: yaml(servers))
        try eventually("all are healthy") { try bookend.status().servers.allSatisfy { $0.state == "healthy" } }
        return bookend
    }

    private func reload(_ stage: Stage, _ bookend: Bookend, _ servers: [String]) throws {
        let head = readText(stage.path("bookend.yaml")).split(separator: "\n").prefix(2).joined(separator: "\n")
        _ = try stage.file("bookend.yaml", head + "\n" + yaml(servers))
        let answer = try bookend.ask(admin: "/v1/reload", method: "POST")
        #expect(answer.status == 200, "\(answer.text)")
    }

    private func verb(_ stage: Stage, _ bookend: Bookend, _ arguments: String...) throws -> Finished {
        try stage.verb(arguments + ["--admin", bookend.adminSocket], environment: ["SUDO_USER=ada"])
    }

    private func line(_ origin: Origin, _ script: String) -> String {
        "\(origin.name): { address: \(origin.address), max-in-flight: 100, recycle: { command: [sh, -c, \"\(script)\"] } }"
    }

    @Test("After a reload a server is cleaned up by the new hook")
    func newHook() async throws {
        try await Stage.run { stage in
            let origins = try ["web-01", "web-02"].map { try stage.origin($0) }
            let bookend = try bookend(stage, origins.map { line($0, "echo the old one") })
            try reload(stage, bookend, origins.map { line($0, "echo the new one; exit 4") })
            let done = try verb(stage, bookend, "recycle", "web-01", "--wait")
            #expect(done.code == 1 && done.text.contains("it ended with code 4\n  | the new one"), "\(done.text)")
            #expect(try bookend.status().alarms.map(\.kind) == ["recycle-failed"])
            try reload(stage, bookend, origins.map { "\($0.name): \($0.address)" })
            #expect(try bookend.status().alarms.isEmpty, "nothing is to be cleaned up any more")
            #expect(try verb(stage, bookend, "recycle", "web-01").errors.contains("has no clean-up hook"))
        }
    }

    @Test("A reload removes the server whose hook runs: the hook runs to its end, and the next in line is recycled")
    func serverLeaves() async throws {
        try await Stage.run { stage in
            let services = [
                try stage.service("web-01", restartsIn: 2), try stage.service("web-02", restartsIn: 0.1),
                try stage.service("web-03"),
            ]
            let bookend = try bookend(stage, services.map { $0.line() })
            let readers = Readers(4, at: bookend.port)
            defer { readers.end() }
            #expect(try verb(stage, bookend, "recycle", "main").code == 0)
            try eventually("its hook runs") { services[0].notes == ["begin web-01"] }
            try reload(stage, bookend, services.dropFirst().map { $0.line() })
            #expect(try bookend.status().servers.map(\.name) == ["web-02", "web-03"])
            #expect(try bookend.status().recycles.allSatisfy { $0.server != "web-01" })
            try eventually("all hooks have ended", within: 60) {
                services[0].notes.filter { $0.hasPrefix("end") }.count == 3
            }
            try eventually("all is over", within: 30) { try bookend.status().recycles.isEmpty }
            #expect(try bookend.status().alarms.isEmpty && bookend.status().leases.isEmpty)
            let log = bookend.program.errors
            #expect(
                log.contains("web-01: is not recycled: a clean-up hook for it is not configured any more"), "\(log)")
            #expect(log.contains("web-02: is recycled") && log.contains("web-03: is recycled"), "\(log)")
            try reload(stage, bookend, services.map { $0.line() })
            try eventually("it is back, and nothing of its recycle is", within: 20) {
                try bookend.status().servers.allSatisfy { $0.rotation == "serving" }
            }
            #expect(try bookend.ask(admin: "/v1/servers/web-01/recycle").status == 404)
            readers.end()
            #expect(readers.failures.isEmpty, "\(readers.failures.prefix(3))")
        }
    }

    @Test("Two operators: one recycles a server that the other removes; it goes, and its hook is not cut off")
    func removed() async throws {
        try await Stage.run { stage in
            let services = [try stage.service("web-01", restartsIn: 1), try stage.service("web-02")]
            let third = try stage.origin("web-03")
            let bookend = try bookend(
                stage, services.map { $0.line() } + ["web-03: { address: \(third.address), max-in-flight: 100 }"])
            #expect(try verb(stage, bookend, "recycle", "web-01").code == 0)
            try eventually("its hook runs") { services[0].notes == ["begin web-01"] }
            let removed = try verb(stage, bookend, "remove", "web-01", "--why", "it goes", "--wait")
            #expect(removed.code == 0, "\(removed.text) \(removed.errors)")
            #expect(try bookend.status().servers.map(\.name) == ["web-02", "web-03"])
            #expect(try bookend.status().recycles.isEmpty && bookend.status().leases.isEmpty)
            try eventually("the hook ends all the same", within: 20) { services[0].notes.count == 2 }
            #expect(try verb(stage, bookend, "recycle", "web-02", "--wait").code == 0)
            #expect(try bookend.status().alarms.isEmpty)
        }
    }
}
