import Glibc
import Testing

private let token = "correct-horse-battery-staple"

@Suite("Verbs over TCP")
struct AdminVerbTests {
    @Test("status finds Bookend by a URL, by option or environment, with the token from a file or the environment")
    func status() async throws {
        try await Stage.run { stage in
            let bookend = try stage.bookend([try stage.origin("web-01")], bind: "0.0.0.0:0", token: token)
            let url = "http://127.0.0.1:\(bookend.adminPort)"
            let file = stage.path("token")
            let byFile = try stage.verb(["status", "--admin", url, "--token-file", file])
            let byVariables = try stage.verb(
                ["status"], environment: ["BOOKEND_ADMIN=\(url)", "BOOKEND_TOKEN=\(token)"])
            for screen in [byFile, byVariables] {
                #expect(screen.code == 0 && screen.text.contains("web-01"), "\(screen.errors)")
            }
            let without = try stage.verb(["status", "--admin", url])
            #expect(without.code == 1 && without.errors.contains("needs the token"), "\(without.errors)")
            let wrong = try stage.verb(["status", "--admin", url], environment: ["BOOKEND_TOKEN=wrong"])
            #expect(wrong.code == 1 && wrong.errors.contains("not the token"), "\(wrong.errors)")
        }
    }

    @Test("An address that is none is wrong usage, nobody there is 3")
    func mistakes() async throws {
        try await Stage.run { stage in
            let tls = try stage.verb(["status", "--admin", "https://127.0.0.1:9900"])
            #expect(tls.code == 2 && tls.errors.contains("TLS is not known"), "\(tls.errors)")
            let nobody = try stage.verb(["status", "--admin", "http://127.0.0.1:\(Socket.deadPort(stage))"])
            #expect(nobody.code == 3 && nobody.errors.contains("is it running"), "\(nobody.errors)")
            let noFile = try stage.verb(["status", "--token-file", stage.path("none")])
            #expect(noFile.code == 2 && noFile.errors.contains("No such file"), "\(noFile.errors)")
        }
    }

    @Test("The agent reports over TCP, through a restart of Bookend and a new token, for little")
    func agent() async throws {
        try await Stage.run { stage in
            let bookend = try stage.bookend([try stage.origin("web-01")], token: token, mayDie: true)
            let agent = try stage.start(
                Binary.path(),
                [
                    "agent", "--server", "default/web-01", "--to", "127.0.0.1:\(bookend.adminPort)", "--pid",
                    "\(getpid())",
                    "--token-file", stage.path("token"),
                ], named: "agent")
            func isKnown() -> Bool { ((try? bookend.status().servers[0].memory?.usedBytes ?? 0) ?? 0) > 1 << 20 }
            try eventually("the memory is known") { isKnown() }
            let first = try bookend.killWorker()
            try eventually("the next one knows it") { bookend.worker != first && isKnown() }
            try writeFile(stage.path("token"), "a-fresh-token-for-today\n")
            try eventually("Bookend takes the new token", within: 20) {
                try bookend.ask(network: "/healthz", token: "a-fresh-token-for-today").status == 200
            }
            try eventually("an old report is forgotten, or a new one came", within: 10) { isKnown() }
            let before = ProcessFacts.cpuSeconds(of: agent.id)
            let began = secondsNow()
            usleep(4_000_000)
            let share = (ProcessFacts.cpuSeconds(of: agent.id) - before) / (secondsNow() - began)
            let memory = ProcessFacts.privateBytes(of: agent.id)
            print("agent over TCP: \(share * 100) % of a core, \(Double(memory) / 1_048_576) MiB of its own")
            #expect(share <= 0.01 && memory <= 8 << 20)
            #expect(agent.isRunning && isKnown())
        }
    }
}
