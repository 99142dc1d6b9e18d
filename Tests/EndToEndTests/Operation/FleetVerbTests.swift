import Glibc
import Testing

@Suite("Servers that are added, weighed and removed by a command")
struct FleetVerbTests {
    private let pool = ["health: { every: 50ms }", "slow-start: 100ms", "admission: { limiter: off }"]

    private func verb(_ stage: Stage, _ bookend: Bookend, _ arguments: String...) throws -> Finished {
        try stage.verb(arguments + ["--admin", bookend.adminSocket], environment: ["SUDO_USER=ada"])
    }

    private func start(_ stage: Stage, _ origins: [Origin], mayDie: Bool = false) throws -> Bookend {
        let servers = origins.map { "      \($0.name): \($0.address)\n" }.joined()
        let lines = pool.map { "    \($0)\n" }.joined()
        let bookend = try stage.bookend(
            yaml: "workers: 2\nlisteners: [{ bind: 127.0.0.1:0, pool: main }]\npools:\n  main:\n\(lines)    servers:\n"
                + servers, mayDie: mayDie)
        try eventually("all are healthy") { try bookend.status().servers.allSatisfy { $0.state == "healthy" } }
        return bookend
    }

    private func names(_ bookend: Bookend) throws -> [String] { try bookend.status().servers.map(\.name) }

    @Test("A server that was added serves, and stays over reload and restart; status says that the file lacks it")
    func add() async throws {
        try await Stage.run { stage in
            let origins = try ["web-01", "web-02"].map { try stage.origin($0) }
            let bookend = try start(stage, [origins[0]], mayDie: true)
            let add = try verb(stage, bookend, "add", "main/web-02", origins[1].address, "--weight", "3")
            #expect(
                add.code == 0 && add.text.hasPrefix("main/web-02: added (\(origins[1].address))\n"), "\(add.errors)")
            try eventually("it serves") { try bookend.ask().text == "web-02" }
            let line = "main/web-02 was added (\(origins[1].address)) by ada"
            #expect(try verb(stage, bookend, "status").text.contains(line))
            let reload = try verb(stage, bookend, "reload")
            #expect(reload.code == 0 && reload.text.contains(line), "\(reload.text)")
            #expect(try names(bookend) == ["web-01", "web-02"])
            try eventually("it is on disk") { readText(stage.path("state/changes.json")).contains("web-02") }
            let first = try bookend.killWorker()
            try eventually("the next one has it") { bookend.worker != first && (try? names(bookend).count) == 2 }
            let remove = try verb(stage, bookend, "remove", "web-02", "--wait")
            #expect(remove.code == 0 && remove.text.contains("web-02 is gone"), "\(remove.text)\(remove.errors)")
            #expect(try names(bookend) == ["web-01"])
            #expect(try !verb(stage, bookend, "status").text.contains("not in the file"))
        }
    }

    @Test("What cannot be is refused with 1 and a reason, and nothing changes")
    func refused() async throws {
        try await Stage.run { stage in
            let origins = try ["web-01", "web-02"].map { try stage.origin($0) }
            let bookend = try start(stage, origins)
            let refusals = [
                (["add", "main/web-02", "127.0.0.1:9"], "main has a server web-02"),
                (["add", "main/web-03", origins[0].address], "has the same address as web-01"),
                (["add", "other/web-03", "127.0.0.1:9"], "there is no pool other"),
                (["add", "main/web-03", "nowhere"], "is no address"),
                (["weight", "web-01", "0"], "a weight is 1 to 256"),
                (["weight", "web-09", "2"], "there is no server web-09"),
                (["remove", "web-09"], "there is no server web-09"),
            ]
            for (arguments, why) in refusals {
                let done = try stage.verb(arguments + ["--admin", bookend.adminSocket])
                #expect(done.code == 1 && done.errors.contains(why), "\(arguments): \(done.code) \(done.errors)")
            }
            #expect(try verb(stage, bookend, "add", "web-03", "127.0.0.1:9").code == 2)
            #expect(try verb(stage, bookend, "remove", "web-01", "--force").code == 2)
            for why in ["", #"a\nb"#, #"\u009b"#] {
                let body = #"{"by": "ada", "why": "\#(why)"}"#
                let answer = try bookend.ask(admin: "/v1/servers/web-01", method: "DELETE", body: body)
                #expect(answer.status == 400 && answer.text.contains("`why` says what it is for"), "\(answer.text)")
            }
            #expect(try names(bookend) == ["web-01", "web-02"])
        }
    }

    @Test("A weight changes the shares at once, survives a reload, and is forgotten when the file says the same")
    func weight() async throws {
        try await Stage.run { stage in
            let origins = try ["web-01", "web-02"].map { try stage.origin($0) }
            let bookend = try start(stage, origins)
            #expect(try verb(stage, bookend, "weight", "web-01", "3").text.hasPrefix("main/web-01: weight: 1 → 3\n"))
            #expect(try verb(stage, bookend, "reload").text.contains("main/web-01 has the weight 3, by ada"))
            let file = stage.path("bookend.yaml")
            let text = readText(file).replacing(
                "web-01: \(origins[0].address)", with: "web-01: { address: \(origins[0].address), weight: 3 }")
            try writeFile(file, text)
            let reload = try verb(stage, bookend, "reload")
            #expect(
                reload.text.contains("main/web-01 has the weight 3, by ada: forgotten, as the file says the same"),
                "\(reload.text)")
            #expect(try !verb(stage, bookend, "status").text.contains("not in the file"))
        }
    }

    @Test("A removal drains first: the guard refuses it with the figures, and what is in flight ends")
    func remove() async throws {
        try await Stage.run { stage in
            let gate = Gate()
            stage.atEnd { gate.open() }
            let origins = try ["web-01", "web-02"].map { try stage.origin($0, behind: gate) }
            let servers = origins.map { "      \($0.name): { address: \($0.address), max-in-flight: 4 }\n" }.joined()
            let bookend = try stage.bookend(
                yaml: "workers: 1\nlisteners: [{ bind: 127.0.0.1:0, pool: main }]\npools:\n  main:\n"
                    + "    health: { every: 50ms }\n    admission: { limiter: off }\n    servers:\n" + servers)
            try eventually("all are healthy") { try bookend.status().servers.allSatisfy { $0.state == "healthy" } }
            let clients = try (0..<6).map { _ in
                let client = try bookend.connect()
                try client.send(get())
                return client
            }
            try eventually("all are in flight") { try bookend.status().servers.reduce(0) { $0 + $1.inFlight } == 6 }
            usleep(2_300_000)
            let refused = try verb(stage, bookend, "remove", "web-02")
            #expect(refused.code == 1 && refused.errors.contains("6 are needed"), "\(refused.errors)")
            #expect(refused.errors.contains("bookend remove web-02 --why TEXT --force"))
            let forced = try verb(stage, bookend, "remove", "web-02", "--force", "--why", "it burns")
            #expect(forced.code == 0 && forced.text.contains("3 requests in flight there"), "\(forced.text)")
            #expect(try bookend.status().leases.first?.why == "it burns")
            #expect(try names(bookend).count == 2)
            gate.open()
            for client in clients { #expect(try client.response().status == 200) }
            try eventually("it is gone") { try names(bookend) == ["web-01"] }
            let last = try verb(stage, bookend, "remove", "web-01")
            #expect(last.code == 1 && last.errors.contains("no server that is no backup"), "\(last.errors)")
            #expect(try verb(stage, bookend, "reload").text.contains("main/web-02 was removed by ada"))
            #expect(try names(bookend) == ["web-01"])
            #expect(try verb(stage, bookend, "add", "main/web-02", origins[1].address).code == 0)
            #expect(try names(bookend).count == 2)
            #expect(try !verb(stage, bookend, "status").text.contains("not in the file"))
        }
    }
}
