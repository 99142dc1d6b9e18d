import Glibc
import Testing

@Suite("Alerts by webhook")
struct WebhookTests {
    private static let secret = "a secret of some length".replacing(" ", with: "-")

    /// Bookend in front of a server that lives and one at `port` that does not.
    private func bookend(_ stage: Stage, port: UInt16, _ alerts: [String]) throws -> Bookend {
        let one = try stage.origin("web-01")
        return try stage.bookend(
            addresses: ["web-01: \(one.address)", "web-02: 127.0.0.1:\(port)"],
            top: ["alerts:"] + alerts.map { "  - \($0)" }, pool: ["health: { every: 50ms }", "slow-start: 1s"])
    }

    private func secretFile(_ stage: Stage) throws -> String {
        let file = try stage.file("secret", Self.secret + "\n")
        chmod(file, 0o600)
        return file
    }

    @Test(
        "A receiver that is down, slow, fails and hangs up gets every alert in the end, once, signed, with one id for all tries"
    )
    func troubled() async throws {
        try await Stage.run { stage in
            let dead = try Socket.deadPort(stage)
            let closed = try Socket.listening()
            close(closed.0)
            let file = try secretFile(stage)
            let bookend = try bookend(
                stage, port: dead,
                ["{ webhook: \"http://127.0.0.1:\(closed.1)/hook?x=1\", secret-file: \(file), timeout: 300ms }"])
            try eventually("it says that nobody takes alerts") { try bookend.status().alertTargets[0].trouble != nil }
            // The log is written by a thread of its own.
            try eventually("the log says so") {
                bookend.program.errors.contains("alerts: webhook (webhook 127.0.0.1:\(closed.1)) does not take them: ")
            }
            let receiver = try AlertReceiver(stage, mode: "slow", secret: Self.secret, port: closed.1)
            for (mode, next) in [("slow", "500"), ("500", "close"), ("close", "ok")] {
                try eventually("it has tried: \(mode)", within: 30) { try receiver.taken().contains { $0.did == mode } }
                try receiver.set(next)
            }
            try eventually("it is taken", within: 60) { try receiver.taken().contains { $0.did == "ok" } }
            let tries = try receiver.taken()
            #expect(tries.allSatisfy { $0.isSigned && $0.target == "/hook?x=1" && $0.type == "application/json" })
            let first = try #require(try receiver.documents().first)
            #expect(first.key == "server-dead/main/web-02" && first.status == "open" && first.server == "web-02")
            #expect(Set(tries.filter { $0.body.contains("server-dead") }.map(\.key)) == [first.id])
            try eventually("nothing waits, and nothing fails") {
                let target = try bookend.status().alertTargets[0]
                return target.waiting == 0 && target.trouble == nil
            }
            #expect(bookend.program.errors.contains("alerts: webhook takes them again"))
            let journal = try bookend.ask(admin: "/v1/journal").text
            #expect(
                journal.contains("\"id\":\(first.id),") && journal.contains("\"text\":\"\(first.text)\""), "\(journal)")
            #expect(journal.contains("http://127.0.0.1:\(closed.1)") && !journal.contains("hook?x=1"), "\(journal)")
            // A probe every 50 ms has found it dead again and again meanwhile.
            #expect(try receiver.documents().count { $0.key == first.key } == 1)
            let log = bookend.program.errors.split(separator: "\n").filter { $0.contains("does not take them") }
            #expect(log.count == 1, "once, and not at every try")
        }
    }

    @Test("The end of what was told is told with the same key, and alarms carry their severity")
    func closing() async throws {
        try await Stage.run { stage in
            let (listener, port) = try Socket.listening()
            let receiver = try AlertReceiver(stage)
            let bookend = try bookend(
                stage, port: port,
                ["webhook: \(receiver.url)/all", "{ webhook: \"\(receiver.url)/pages\", severity: page }"])
            try eventually("all are healthy") { try bookend.status().servers.allSatisfy { $0.state == "healthy" } }
            #expect(try receiver.taken().isEmpty)
            close(listener)
            try eventually("its death is told") { try receiver.documents().contains { $0.kind == "server-dead" } }
            try eventually("no spare is told to both", within: 30) {
                try receiver.taken().filter { $0.body.contains(#""kind":"no-spare""#) }.map(\.target).sorted() == [
                    "/all", "/pages",
                ]
            }
            let again = try Socket.listening(on: port)
            defer { close(again) }
            try eventually("both ends are told", within: 30) {
                try receiver.documents().count { $0.status == "closed" } == 3
            }
            let all = try receiver.documents()
            #expect(all.allSatisfy { $0.omitted == 0 && ["open", "closed"].contains($0.status) })
            for kind in ["server-dead", "no-spare"] {
                let told = all.filter { $0.kind == kind }
                #expect(Set(told.map(\.key)).count == 1 && Set(told.map(\.id)).count == 2, "\(told)")
                #expect(told.allSatisfy { $0.severity == (kind == "no-spare" ? "page" : "warning") })
            }
            let pages = try receiver.taken().filter { $0.target == "/pages" }
            #expect(pages.count == 2 && pages.allSatisfy { $0.body.contains("no-spare") && $0.signature == nil })
        }
    }

    @Test("A state folder that cannot be written is told, and that it is written again")
    func stateFolder() async throws {
        try await Stage.run { stage in
            let receiver = try AlertReceiver(stage)
            // Where the folder should be there is a file.
            try writeFile(stage.path("state"), "")
            let bookend = try stage.bookend(
                [try stage.origin("web-01")], top: ["alerts: [{ webhook: \"\(receiver.url)/\", severity: page }]"])
            try eventually("it is told") { try receiver.documents().contains { $0.kind == "state" } }
            let open = try receiver.documents().filter { $0.kind == "state" }
            #expect(open.allSatisfy { $0.key == "state" && $0.status == "open" && $0.severity == "page" }, "\(open)")
            #expect(open[0].text.hasPrefix("cannot write \(stage.folder)/state/bookend.db: ") && open[0].pool == nil)
            #expect(try bookend.status().alarms.map(\.kind).contains("state"))
            unlink(stage.path("state"))
            try eventually("its end is told") {
                try receiver.documents().contains { $0.kind == "state" && $0.status == "closed" }
            }
            #expect(try !bookend.status().alarms.map(\.kind).contains("state"))
        }
    }

    @Test("`bookend alert test` shows what came back, and exits with 1 when a target did not take it")
    func trial() async throws {
        try await Stage.run { stage in
            let receiver = try AlertReceiver(stage)
            let closed = try Socket.listening()
            close(closed.0)
            let one = try stage.origin("web-01")
            let bookend = try stage.bookend(
                [one],
                top: [
                    "alerts:", "  - { webhook: \"\(receiver.url)/chat\", name: chat, format: chat }",
                    "  - { webhook: \"http://localhost:\(receiver.port)/by-name\", name: named, format: text }",
                    "  - { webhook: \"http://127.0.0.1:\(closed.1)/\", name: down }",
                ])
            func test(_ arguments: String...) throws -> Finished {
                try stage.verb(["alert", "test"] + arguments + ["--admin", bookend.adminSocket])
            }
            let chat = try test("chat")
            #expect(
                chat.code == 0 && chat.text.contains("chat  taken  webhook 127.0.0.1:")
                    && chat.text.contains("200 OK: ok"), "\(chat.text)\(chat.errors)")
            let body = try #require(try receiver.taken().first)
            #expect(
                body.target == "/chat"
                    && body.body.hasPrefix(
                        #"{"text":"test: this is a test of Bookend's alerts; nothing is wrong [bookend on "#)
            )
            let named = try test("named")
            #expect(named.code == 0, "\(named.text)\(named.errors)")
            #expect(try receiver.taken().last?.type == "text/plain; charset=utf-8")
            let all = try test()
            #expect(
                all.code == 1 && all.text.contains("NOT TAKEN") && all.text.contains("refused or lost"), "\(all.text)")
            #expect(try receiver.taken().count == 4)
            try receiver.set("404")
            let gone = try test("chat")
            #expect(gone.code == 1 && gone.text.contains("404 Not Found: no_such_hook …"), "\(gone.text)")
            let unknown = try test("pager")
            #expect(
                unknown.code == 1 && unknown.errors.contains("there is no target pager; there are: chat, named, down"))
            #expect(
                try bookend.status().alertTargets.allSatisfy { $0.delivered == 0 && $0.trouble == nil },
                "a test is no alert")
        }
    }

    @Test("A storm of deaths and returns costs a receiver that is down a bounded queue, and the last state counts")
    func storm() async throws {
        try await Stage.run { stage in
            let dead = try Socket.deadPort(stage)
            let receiver = try AlertReceiver(stage, mode: "500")
            let names = (1...90).map { "d\($0): 127.0.0.\($0 + 1):\(dead)" }
            let one = try stage.origin("web-01")
            let bookend = try stage.bookend(
                addresses: ["web-01: \(one.address)"] + names, top: ["alerts: [{ webhook: \"\(receiver.url)/\" }]"],
                pool: ["health: { every: 50ms }"])
            try eventually("all are dead", within: 30) {
                try bookend.status().servers.count { $0.state == "dead" } == 90
            }
            let target = try bookend.status().alertTargets[0]
            #expect(target.waiting <= 64 && target.omitted >= 26)
            for _ in 0..<50 { #expect(try bookend.ask().text == "web-01") }
            try receiver.set("ok")
            try eventually("a burst is told", within: 30) { try receiver.documents().count >= 10 }
            #expect(try receiver.documents().reduce(0) { $0 + $1.omitted } >= 26)
        }
    }

    @Test("A secret that cannot be read, and https, are said before anything runs")
    func unusable() async throws {
        try await Stage.run { stage in
            func check(_ alert: String) throws -> Finished {
                let yaml = """
                    state: \(stage.folder)/state
                    admin: { socket: \(stage.folder)/admin.sock }
                    listen: 127.0.0.1:0
                    servers: { a: 127.0.0.1:9 }
                    alerts: [{ \(alert) }]
                    """
                return try stage.verb(["run", stage.file("bookend.yaml", yaml)])
            }
            let missing = try check("webhook: http://127.0.0.1:9/, secret-file: /no/such")
            #expect(
                missing.code == 1 && missing.errors.contains("cannot read the secret file /no/such"),
                "\(missing.errors)")
            let short = try check("webhook: http://127.0.0.1:9/, secret-file: \(stage.file("short", "abc"))")
            #expect(short.code == 1 && short.errors.contains("holds no secret of 16 to 512"), "\(short.errors)")
            let secure = try check("webhook: \"https://hooks.example/x\"")
            #expect(secure.code == 1 && secure.errors.contains("curl") && secure.errors.contains("TLS is not known"))
        }
    }
}
