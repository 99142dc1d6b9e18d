import Synchronization
import Testing

/// HAProxy's agent-check, with agents that answer as its documentation says.
@Suite("Agents that are asked")
struct AgentCheckTests {
    /// What an agent says to whoever connects.
    private final class Words: Sendable {
        private let value = Mutex("up ready 100%\n")
        var text: String { value.withLock { $0 } }
        func set(_ text: String) { value.withLock { $0 = text } }
    }

    /// Two servers; the first has an agent. `limiter: off`, so that only what the agent says bounds.
    private func stageUp(_ stage: Stage, _ words: Words) throws -> (bookend: Bookend, servers: [Origin], agent: Origin)
    {
        let agent = try stage.origin("agent") { try $0.send(words.text) }
        let servers = try ["web-01", "web-02"].map { try stage.origin($0) }
        let bookend = try stage.bookend(
            addresses: [
                "web-01: { address: \(servers[0].address), agent-check: \(agent.address), agent-every: 100ms }",
                "web-02: \(servers[1].address)",
            ], pool: ["admission: { limiter: off }"])
        return (bookend, servers, agent)
    }

    private func server(_ bookend: Bookend) throws -> Status.Server { try bookend.status().servers[0] }

    /// How many of `count` requests went to the first server.
    private func share(_ bookend: Bookend, _ servers: [Origin], of count: Int) throws -> Int {
        let before = servers[0].requests.count
        for _ in 0..<count { #expect(try bookend.ask().status == 200) }
        return servers[0].requests.count - before
    }

    @Test(
        "A server that its agent takes out gets nothing new until the agent lets it in",
        arguments: [
            ("drain\n", "ready\n"), ("maint\r\n", "ready\r\n"), ("down # the disk is full\n", "up\n"),
            ("stopped", "up"),
            ("failed\n", "up\n"), ("0%\n", "100%\n"),
        ])
    func out(taking: String, letting: String) async throws {
        try await Stage.run { stage in
            let words = Words()
            let (bookend, servers, _) = try stageUp(stage, words)
            #expect(abs(try share(bookend, servers, of: 10) - 5) <= 1)
            words.set(taking)
            try eventually("it is out") { try server(bookend).agent?.out != nil }
            #expect(try share(bookend, servers, of: 20) == 0)
            #expect(try server(bookend).rotation == "out" && server(bookend).state == "healthy")
            let screen = try stage.verb(["status", "--admin", bookend.adminSocket]).text
            #expect(screen.contains("(agent: ") && screen.contains("web-01: agent says "), "\(screen)")
            words.set(letting)
            try eventually("it is in") { try server(bookend).agent?.out == nil }
            #expect(abs(try share(bookend, servers, of: 20) - 10) <= 2)
            try eventually("both are said") {
                bookend.program.errors.contains("web-01 gets nothing new: its agent says ")
                    && bookend.program.errors.contains("web-01 may serve again: its agent says so")
            }
        }
    }

    @Test("A weight is relative to the configured one, and maxconn bounds what is in flight")
    func bounds() async throws {
        try await Stage.run { stage in
            let words = Words()
            let (bookend, servers, _) = try stageUp(stage, words)
            words.set("50% maxconn:30\n")
            try eventually("it is bounded") { try server(bookend).capReason == "agent" }
            #expect(try server(bookend).cap == 30 && server(bookend).agent?.weightPercent == 50)
            #expect(abs(try share(bookend, servers, of: 90) - 30) <= 2)
            words.set("maxconn:0\n")
            try eventually("the bound is taken back") { try server(bookend).capReason == "none" }
            #expect(try server(bookend).agent?.weightPercent == 50, "what is not said stays")
        }
    }

    @Test("When every server of a pool is taken out, they serve nevertheless")
    func everybody() async throws {
        try await Stage.run { stage in
            let agent = try stage.origin("agent") { try $0.send("maint\n") }
            let servers = try ["web-01", "web-02"].map { try stage.origin($0) }
            let bookend = try stage.bookend(
                addresses: servers.map {
                    "\($0.name): { address: \($0.address), agent-check: \(agent.address), agent-every: 100ms }"
                })
            try eventually("both are out") { try bookend.status().servers.allSatisfy { $0.agent?.out == "maint" } }
            #expect(abs(try share(bookend, servers, of: 20) - 10) <= 2)
        }
    }

    @Test(
        "An agent that cannot be understood, or says nothing, changes nothing and is shown",
        arguments: [
            ("hello there\n", "says what is not understood: hello there"),
            ("75% \u{7}\u{1B}[31m\n", "says what is not understood: 75% [31m"),
            (String(repeating: "drain ", count: 400), "says more than a line"), ("", "says nothing"),
            ("\n", "says nothing"),
        ])
    func nonsense(said: String, trouble: String) async throws {
        try await Stage.run { stage in
            let words = Words()
            let (bookend, servers, _) = try stageUp(stage, words)
            words.set("maxconn:7\n")
            try eventually("it is bounded") { try server(bookend).cap == 7 }
            words.set(said)
            try eventually("the trouble is shown") { try server(bookend).agent?.trouble == trouble }
            #expect(try server(bookend).cap == 7 && abs(share(bookend, servers, of: 10) - 5) <= 1)
        }
    }

    @Test("One that hangs or is not there is no error of the server")
    func unreachable() async throws {
        try await Stage.run { stage in
            let silent = try stage.origin("silent") { _ = try $0.wire.rest() }
            let dead = try Socket.deadPort(stage)
            let servers = try ["web-01", "web-02"].map { try stage.origin($0) }
            let bookend = try stage.bookend(
                addresses: [
                    "web-01: { address: \(servers[0].address), agent-check: \(silent.address), agent-every: 100ms }",
                    "web-02: { address: \(servers[1].address), agent-check: 127.0.0.1:\(dead), agent-every: 100ms }",
                ])
            try eventually("both are shown") {
                try bookend.status().servers.map { $0.agent?.trouble } == [
                    "does not answer in time", "cannot be reached",
                ]
            }
            #expect(abs(try share(bookend, servers, of: 10) - 5) <= 1)
            // Each inquiry is given up: they do not pile up.
            #expect(silent.openConnections <= 3)
        }
    }
}
