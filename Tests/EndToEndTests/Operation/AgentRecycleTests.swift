import Glibc
import Testing

@Suite("Clean-up hooks that agents run")
struct AgentRecycleTests {
    private let watched = ["health: { path: /, every: 50ms }", "slow-start: 1s", "admission: { limiter: off }"]

    private func bookend(_ stage: Stage, _ services: [Service]) throws -> Bookend {
        let bookend = try stage.bookend(addresses: services.map { $0.line(recycle: "agent") }, pool: watched)
        try eventually("all are healthy") { try bookend.status().servers.allSatisfy { $0.state == "healthy" } }
        return bookend
    }

    private func recycle(_ stage: Stage, _ bookend: Bookend, _ server: String) throws -> Finished {
        try stage.verb(["recycle", server, "--why", "a leak", "--wait", "--admin", bookend.adminSocket])
    }

    @Test("The agent restarts the service when it is told to, though the process that it reports of is gone by then")
    func agent() async throws {
        try await Stage.run { stage in
            let services = try ["web-01", "web-02"].map { try stage.service($0) }
            let bookend = try bookend(stage, services)
            let readers = Readers(4, at: bookend.port)
            defer { readers.end() }
            let before = services[0].process
            let agent = try stage.start(
                Binary.path(),
                ["agent", "--server", "web-01", "--to", bookend.adminSocket, "--pid", "\(before)", "--recycle"]
                    + services[0].hook, named: "agent")
            try eventually("it reports") { try bookend.status().servers[0].memory != nil }
            let done = try recycle(stage, bookend, "web-01")
            #expect(done.code == 0, "\(done.text) \(done.errors) \(agent.errors)")
            #expect(services[0].process != before && services[0].notes == ["begin web-01", "end web-01"])
            readers.end()
            #expect(readers.failures.isEmpty, "\(readers.failures.prefix(3))")
            let answer = try bookend.ask(admin: "/v1/servers/web-01/recycle")
            #expect(answer.text.contains("restarts main/web-01 at \(services[0].address) for a leak"), "\(answer.text)")
            #expect(agent.errors.contains("runs the clean-up hook of web-01: a leak"))
        }
    }

    @Test("A hook that fails is told as failed, also by an agent whose children's ends were to be thrown away")
    func ignoredChildren() async throws {
        try await Stage.run { stage in
            let services = try ["web-01", "web-02"].map { try stage.service($0) }
            let bookend = try bookend(stage, services)
            let agent = try stage.start(
                "/usr/bin/env",
                [
                    "--ignore-signal=CHLD", Binary.path(), "agent", "--server", "web-01", "--to", bookend.adminSocket,
                    "--pid", "\(services[0].process)", "--recycle", "false",
                ], named: "agent")
            try eventually("it reports") { try bookend.status().servers[0].memory != nil }
            let failed = try recycle(stage, bookend, "web-01")
            #expect(
                failed.code == 1 && failed.text.contains("failed: it ended with code 1"),
                "\(failed.text) \(agent.errors)")
        }
    }

    @Test("An agent without a hook, and a server without an agent, are told within seconds, and the server is back")
    func none() async throws {
        try await Stage.run { stage in
            let services = try ["web-01", "web-02"].map { try stage.service($0) }
            let bookend = try bookend(stage, services)
            let silent = try recycle(stage, bookend, "web-02")
            #expect(
                silent.code == 1 && silent.text.contains("no agent of the server has taken the order"), "\(silent.text)"
            )
            _ = try stage.start(
                Binary.path(),
                ["agent", "--server", "web-01", "--to", bookend.adminSocket, "--pid", "\(services[0].process)"],
                named: "agent")
            try eventually("it reports") { try bookend.status().servers[0].memory != nil }
            let bare = try recycle(stage, bookend, "web-01")
            #expect(bare.code == 1 && bare.text.contains("the agent was started without --recycle"), "\(bare.text)")
            try eventually("both serve") { try bookend.status().servers.allSatisfy { $0.rotation == "serving" } }
        }
    }
}
