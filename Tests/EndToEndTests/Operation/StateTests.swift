import Foundation
import Glibc
import Synchronization
import Testing

@Suite("State that outlasts Bookend")
struct StateTests {
    private struct Entry: Decodable {
        let id: Int
        let kind: String
        let text: String
        let server: String?
        let cause: Int?
    }

    /// Started by hand, so that it can be started again with the same folder.
    private func configuration(_ stage: Stage, _ servers: [String], _ more: String = "") throws -> String {
        try stage.file(
            "bookend.yaml",
            """
            workers: 1
            state: \(stage.folder)/state
            admin: { socket: \(stage.folder)/admin.sock }
            listen: 127.0.0.1:0
            servers: { \(servers.joined(separator: ", ")) }
            \(more)
            """)
    }

    private func start(_ stage: Stage, _ file: String) throws -> Bookend {
        let program = try stage.start(Binary.path(), ["run", file], named: "bookend")
        let bookend = try Bookend(program, adminSocket: stage.path("admin.sock"))
        stage.atEnd { bookend.end() }
        return bookend
    }

    private func stop(_ bookend: Bookend) throws {
        bookend.program.send(SIGTERM)
        #expect(try bookend.program.exitCode(within: 10) == 0)
    }

    private func entries(_ text: String) throws -> [Entry] {
        try JSONDecoder().decode([Entry].self, from: Data(text.utf8))
    }

    @Test("A server that died of load gets at most 0.7 of it, also after kill -9 and a new start of Bookend")
    func death() async throws {
        try await Stage.run { stage in
            let origin = try stage.origin("one") { connection in
                while true {
                    try connection.request()
                    usleep(4_000)
                    try connection.answer("one")
                }
            }
            let file = try configuration(stage, ["one: \(origin.address)"], "health: { every: 100ms }")
            let bookend = try start(stage, file)
            let port = bookend.port
            let clients = (0..<24).map { _ in
                Watch {
                    guard let client = try? Connection(to: port) else { return }
                    while (try? client.send(get())) != nil, (try? client.response()) != nil {}
                }
            }
            try eventually("it has more than a few at a time", within: 30) {
                try bookend.status().servers[0].inFlight >= 10
            }
            origin.end()
            try eventually("its death is put down to load") {
                try bookend.status().servers[0].capReason == "death"
            }
            for client in clients { client.end() }
            let said = #/one died with (\d+) requests in flight; it gets no more than (\d+)/#
            // What is told is in the journal a commit later.
            try eventually("the journal has it") { try bookend.ask(admin: "/v1/journal").text.contains(said) }
            let words = try #require(try bookend.ask(admin: "/v1/journal").text.firstMatch(of: said))
            let (inFlight, ceiling) = (try #require(Int(words.1)), try #require(Int(words.2)))
            #expect(inFlight >= 4 && ceiling == Int(0.7 * Double(inFlight)))
            kill(bookend.worker, SIGKILL)
            bookend.end()
            let again = try start(stage, file)
            let server = try again.status().servers[0]
            #expect(server.state == "dead")
            #expect(try #require(server.cap) <= ceiling, "\(server)")
        }
    }

    @Test(
        "bookend timeline tells what happened, from the running Bookend and from its file, with what follows from what")
    func timeline() async throws {
        try await Stage.run { stage in
            let origin = try stage.origin("one")
            let other = try stage.origin("two")
            let file = try configuration(
                stage, ["one: \(origin.address)", "two: \(other.address)"], "health: { every: 50ms }")
            let bookend = try start(stage, file)
            try eventually("both are healthy") { try bookend.status().servers.allSatisfy { $0.state == "healthy" } }
            origin.end()
            try eventually("one is dead") { try bookend.status().servers[0].state == "dead" }
            try bookend.killWorker()
            try eventually("it serves again") { (try? bookend.status()) != nil }
            let running = try stage.verb(["timeline", "--admin", bookend.adminSocket, "--json"])
            #expect(running.code == 0 && running.errors.isEmpty, "\(running.errors)")
            let seen = try entries(running.text)
            #expect(seen.map(\.kind).prefix(2) == ["start", "configuration"])
            #expect(seen[1].cause == seen[0].id)
            #expect(seen.contains { $0.server == "one" && $0.text.hasPrefix("one is dead: ") })
            #expect(seen.contains { $0.kind == "process" && $0.cause == seen[0].id })
            try stop(bookend)
            let stopped = try stage.verb(["timeline", "--state", stage.path("state"), "--since", "1h"])
            #expect(stopped.code == 0 && stopped.errors.contains("from \(stage.path("state"))/bookend.db"))
            let lines = stopped.text.split(separator: "\n")
            #expect(lines.count == seen.count + 1 && lines.last?.hasSuffix("Bookend stops: it was told to") == true)
            let form = #/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z  \S.*/#
            #expect(lines.allSatisfy { $0.wholeMatch(of: form) != nil }, "\(stopped.text)")
            let future = try stage.verb(["timeline", "--state", stage.path("state"), "--since", "0s"])
            #expect(future.code == 0 && future.text.isEmpty && future.errors.contains("nothing happened"))
        }
    }

    @Test("Without a Bookend and without a file timeline says so, with exit code 3; what --since means, with 2")
    func nothingToRead() async throws {
        try await Stage.run { stage in
            let missing = try stage.verb(["timeline", "--state", stage.path("nowhere")])
            #expect(missing.code == 3 && missing.errors.contains("nowhere/bookend.db"), "\(missing.errors)")
            #expect(!fileExists(stage.path("nowhere")), "looking makes no file")
            let unreachable = try stage.verb(["timeline", "--admin", stage.path("no.sock")])
            #expect(unreachable.code == 3 && unreachable.errors.contains("--state"), "\(unreachable.errors)")
            #expect(try stage.verb(["timeline", "--since", "yesterday"]).code == 2)
        }
    }

    @Test("The journal is asked for in pages, and what cannot be understood is a problem document")
    func api() async throws {
        try await Stage.run { stage in
            let bookend = try stage.bookend([try stage.origin()])
            let page = try bookend.ask(admin: "/v1/journal?since=1h&limit=1")
            #expect(page.status == 200 && page["content-type"] == "application/json")
            #expect(page.text.contains("\"more\":true") && page.text.contains("\"kind\":\"start\""), "\(page.text)")
            let wrong = try bookend.ask(admin: "/v1/journal?since=tomorrow")
            #expect(wrong.status == 400 && wrong["content-type"] == "application/problem+json")
            #expect(try bookend.ask(admin: "/v1/journal", method: "POST").status == 405)
            let head = try bookend.ask(admin: "/v1/journal", method: "HEAD")
            #expect(head.status == 200 && head.text.isEmpty)
        }
    }

    @Test("A state that cannot be written is one alarm in log and status, and requests are served")
    func cannotWrite() async throws {
        try await Stage.run { stage in
            let origin = try stage.origin("one")
            // Where the folder should be there is a file.
            try writeFile(stage.path("state"), "")
            let bookend = try start(stage, try configuration(stage, ["one: \(origin.address)"], "health: off"))
            #expect(try bookend.ask().status == 200)
            try eventually("it is said") {
                try bookend.status().store.trouble != nil && bookend.program.errors.contains("ALARM")
            }
            let said = bookend.program.errors.split(separator: "\n").filter { $0.contains("ALARM") }
            #expect(said.count == 1 && said[0].contains("cannot write \(stage.folder)/state/bookend.db"), "\(said)")
            let screen = try stage.verb(["status", "--admin", bookend.adminSocket])
            #expect(screen.text.contains("ALARM: cannot write \(stage.folder)/state/bookend.db"), "\(screen.text)")
            #expect(try bookend.ask(admin: "/v1/journal").status == 503)
            unlink(stage.path("state"))
            try eventually("it is written") { try bookend.status().store.trouble == nil }
            #expect(try bookend.ask(admin: "/v1/journal").text.contains("Bookend"))
            #expect(try bookend.ask().status == 200)
        }
    }

    @Test("A damaged file is moved aside and said, and Bookend starts as if it knew nothing")
    func damaged() async throws {
        try await Stage.run { stage in
            let origin = try stage.origin("one")
            mkdir(stage.path("state"), 0o700)
            try writeFile(stage.path("state/bookend.db"), String(repeating: "no database ", count: 1_000))
            let bookend = try stage.bookend([origin])
            #expect(try bookend.ask().status == 200)
            try eventually("it is said") { bookend.program.errors.contains("state/bookend.db was damaged") }
            let store = try bookend.status().store
            #expect(store.movedAside == "\(stage.folder)/state/bookend.db.damaged" && store.trouble == nil)
            #expect(fileExists(stage.path("state/bookend.db.damaged")))
            let screen = try stage.verb(["status", "--admin", bookend.adminSocket])
            #expect(screen.text.contains("ALARM: the state was damaged"), "\(screen.text)")
        }
    }
}
