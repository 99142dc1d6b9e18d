import Foundation
import Glibc
import Testing

@Suite("Who is told changes while Bookend runs")
struct AlertReloadTests {
    /// A fleet with a dead server, and Bookend in front of it, whose file is written anew with other targets.
    private struct Night {
        let stage: Stage
        let bookend: Bookend
        private let addresses: [String]

        init(_ stage: Stage, _ alerts: [String]) throws {
            self.stage = stage
            addresses = [
                "web-01: \(try stage.origin("web-01").address)", "web-02: 127.0.0.1:\(try Socket.deadPort(stage))",
            ]
            bookend = try stage.bookend(yaml: Self.yaml(addresses, alerts))
        }

        private static func yaml(_ addresses: [String], _ alerts: [String]) -> String {
            """
            workers: 1
            alerts: [\(alerts.joined(separator: ", "))]
            listeners: [{ bind: 127.0.0.1:0, pool: main }]
            pools:
              main:
                health: { every: 50ms }
                servers: { \(addresses.joined(separator: ", ")) }

            """
        }

        /// - Returns: what the verb printed, and its code.
        func reload(_ alerts: [String]) throws -> Finished {
            let head = readText(stage.path("bookend.yaml")).split(separator: "\n").prefix(2).joined(separator: "\n")
            _ = try stage.file("bookend.yaml", head + "\n" + Self.yaml(addresses, alerts))
            return try stage.verb(["reload", "--admin", bookend.adminSocket])
        }

        /// Threads of the worker process that bring alerts.
        var threads: Int {
            let all = (try? FileManager.default.contentsOfDirectory(atPath: "/proc/\(bookend.worker)/task")) ?? []
            return all.count { readText("/proc/\(bookend.worker)/task/\($0)/comm").hasPrefix("alerts ") }
        }
    }

    private func deaths(_ receiver: AlertReceiver) throws -> [AlertReceiver.Document] {
        try receiver.documents().filter { $0.kind == "server-dead" }
    }

    @Test(
        "A target that stays keeps what waits for it, one that is new is told what is wrong, one that goes is told no more"
    )
    func staysAndComes() async throws {
        try await Stage.run { stage in
            let first = try AlertReceiver(stage, mode: "500")
            let second = try AlertReceiver(stage, named: "second")
            let third = try AlertReceiver(stage, mode: "500", named: "third")
            let night = try Night(stage, ["{ webhook: \"\(third.url)/\" }", "{ webhook: \"\(first.url)/\" }"])
            let bookend = night.bookend
            try eventually("it waits for both") {
                let targets = try bookend.status().alertTargets
                return targets.allSatisfy { $0.trouble != nil && $0.waiting > 0 }
            }
            // Without a name it is called by its place in the list.
            #expect(try bookend.status().alertTargets.map(\.name) == ["webhook", "webhook-2"])
            let reload = try night.reload([
                "{ webhook: \"\(first.url)/\" }", "{ webhook: \"\(second.url)/\", name: chat }",
            ])
            #expect(reload.code == 0, "\(reload.errors)")
            #expect(reload.text.contains("alerts: webhook: was called webhook-2"), "\(reload.text)")
            #expect(reload.text.contains("alerts: chat: added (webhook 127.0.0.1:"))
            #expect(reload.text.contains("alerts: webhook: removed (webhook 127.0.0.1:"))
            #expect(reload.text.contains("that waited for it"))
            #expect(try bookend.status().alertTargets.map(\.name) == ["webhook", "chat"])
            try eventually("the new one is told of the death before it") { try deaths(second).count == 1 }
            try first.set("ok")
            try eventually("what waited for the one that stays is told", within: 30) { try deaths(first).count == 1 }
            #expect(try deaths(first).map(\.id) == deaths(second).map(\.id))
            let tries = try third.taken().count
            try third.set("ok")
            usleep(2_500_000)
            #expect(try third.taken().count <= tries + 1, "a try may have been under way")
            #expect(try bookend.ask().text == "web-01")
        }
    }

    @Test("A receiver that moved gets what waited for it at once, under its name; the file alone decides where")
    func moves() async throws {
        try await Stage.run { stage in
            let old = try AlertReceiver(stage, mode: "500")
            let new = try AlertReceiver(stage, named: "new")
            let night = try Night(stage, ["{ webhook: \"\(old.url)/\", name: pager }"])
            // After so many failures it pauses for 4 s at least.
            try eventually("it has failed often", within: 40) { try old.taken().count >= 4 }
            let reload = try night.reload([
                "{ webhook: \"\(new.url)/hook\", name: pager, format: text, severity: page }"
            ])
            #expect(
                reload.text.contains(
                    "alerts: pager: webhook \(old.url.dropFirst(7)) → webhook \(new.url.dropFirst(7))"),
                "\(reload.text)\(reload.errors)")
            #expect(reload.text.contains("severity: warning → page, format: json → text"))
            try eventually("it is told", within: 3) { try new.taken().contains { $0.body.contains("web-02 is dead") } }
            #expect(try new.taken().allSatisfy { $0.target == "/hook" && $0.type.hasPrefix("text/plain") })
            try eventually("all is well") { try night.bookend.status().alertTargets[0].trouble == nil }
        }
    }

    @Test(
        "A secret that was replaced signs after a reload; one that cannot be used refuses the file, and nothing has changed"
    )
    func secrets() async throws {
        try await Stage.run { stage in
            let receiver = try AlertReceiver(stage, secret: "the-second-secret")
            let secret = try stage.file("secret", "the-first-secret")
            chmod(secret, 0o600)
            let alerts = ["{ webhook: \"\(receiver.url)/\", secret-file: \(secret), name: pager }"]
            let night = try Night(stage, alerts)
            func test() throws -> Bool {
                #expect(try stage.verb(["alert", "test", "--admin", night.bookend.adminSocket]).code == 0)
                return try #require(try receiver.taken().last { $0.body.contains("this is a test") }).isSigned
            }
            #expect(try !test())
            try writeFile(secret, "short")
            let refused = try night.reload(alerts)
            #expect(refused.code == 1 && refused.errors.contains("holds no secret of 16 to 512"), "\(refused.errors)")
            #expect(try !test(), "the first one counts")
            try writeFile(secret, "the-second-secret")
            let reload = try night.reload(alerts)
            #expect(reload.code == 0 && reload.text.contains("alerts: pager: the secret has changed"), "\(reload.text)")
            #expect(try test())
            #expect(try night.reload(alerts).text.contains("nothing has changed"))
        }
    }

    @Test("Targets that come and go leave no thread behind, not while one of them hangs either")
    func threads() async throws {
        try await Stage.run { stage in
            let pager = stage.path("pager")
            try writeFile(pager, "#!/bin/sh\nsleep 60\n")
            chmod(pager, 0o755)
            func target(_ number: Int) -> [String] {
                ["{ exec: [\(pager), \"\(number)\"], name: p\(number), timeout: 1s }"]
            }
            let night = try Night(stage, target(0))
            let descriptors = ProcessFacts.openDescriptors(of: night.bookend.worker)
            for number in 1...20 { #expect(try night.reload(target(number)).code == 0) }
            #expect(night.threads >= 1)
            try eventually("only the last one has one", within: 30) { night.threads == 1 }
            try eventually("what they had is closed") {
                ProcessFacts.openDescriptors(of: night.bookend.worker) <= descriptors + 4
            }
            #expect(try night.reload([]).text.contains("alerts: p20: removed (exec \(pager))"))
            try eventually("nobody is told any more", within: 30) { night.threads == 0 }
        }
    }
}
