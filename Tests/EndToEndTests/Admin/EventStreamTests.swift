import Glibc
import Testing

@Suite("Events")
struct EventStreamTests {
    private func listen(_ bookend: Bookend, after id: String? = nil) throws -> Connection {
        let client = Connection(owning: try UnixSocket.connect(to: bookend.adminSocket))
        let last = id.map { "Last-Event-ID: \($0)\r\n" } ?? ""
        try client.send("GET /v1/events HTTP/1.1\r\nHost: bookend\r\nAccept: text/event-stream\r\n\(last)\r\n")
        let head = try client.head()
        #expect(head.startLine.hasPrefix("HTTP/1.1 200") && head["content-type"] == "text/event-stream")
        _ = try client.bytes(through: "retry: 2000\n\n")
        return client
    }

    private func event(_ client: Connection) throws -> (id: String, text: String) {
        let text = String(decoding: try client.bytes(through: "\n\n"), as: UTF8.self)
        let id = text.split(separator: "\n").first { $0.hasPrefix("id: ") }.map { String($0.dropFirst(4)) } ?? ""
        return (id, text)
    }

    @Test("A server's death and return are told, and who comes back hears what happened meanwhile")
    func states() async throws {
        try await Stage.run { stage in
            let gate = Switch()
            let server = try stage.origin("web-01") { connection in
                while true {
                    try connection.request()
                    try connection.answer(status: gate.isOn ? "200 OK" : "500 Broken")
                }
            }
            let bookend = try stage.bookend(
                [server, try stage.origin("web-02")], pool: ["health: { path: /healthz, every: 50ms }"])
            try eventually("both are healthy") { try bookend.status().servers.allSatisfy { $0.state == "healthy" } }
            let client = try listen(bookend, after: "0")
            let first = try event(client)
            #expect(first.text.contains("event: start"), "it begins with the journal: \(first)")
            let last = try event(client).id
            gate.set(false)
            let suspect = try next(client, "\"state\":\"suspect\"")
            #expect(suspect.text.contains("event: server_state") && suspect.text.contains("\"server\":\"web-01\""))
            #expect(suspect.text.contains("status 500") && suspect.id.isEmpty, "it is not kept: \(suspect)")
            client.close()
            try eventually("it is dead") { try bookend.status().servers[0].state == "dead" }
            let again = try listen(bookend, after: last)
            let dead = try next(again, "\"state\":\"dead\"")
            #expect(!dead.id.isEmpty)
            gate.set(true)
            let returning = try next(again, "\"state\":\"returning\"")
            #expect(returning.text.contains("\"cause\":\(dead.id)"), "\(returning)")
        }
    }

    /// The next event in which that stands.
    private func next(_ client: Connection, _ mark: String) throws -> (id: String, text: String) {
        while true {
            let found = try event(client)
            if found.text.contains(mark) { return found }
        }
    }

    @Test("Over a restart of the worker process, and of Bookend, whoever comes back goes on from the journal")
    func restarted() async throws {
        try await Stage.run { stage in
            let yaml = "workers: 1\nlisten: 127.0.0.1:0\nservers: { web-01: \(try stage.origin().address) }\n"
            let bookend = try stage.bookend(yaml: yaml, mayDie: true)
            let client = try listen(bookend, after: "0")
            let start = try event(client)
            let last = try event(client)
            #expect(start.text.contains("event: start") && last.text.contains("event: configuration"))
            let first = try bookend.killWorker()
            _ = try client.rest()
            try eventually("another serves") { bookend.worker > 1 && bookend.worker != first }
            let process = try event(listen(bookend, after: last.id))
            #expect(process.text.contains("event: process"), "\(process)")
            #expect(process.text.contains("\"cause\":\(start.id),"), "\(process)")
            #expect(try event(listen(bookend, after: "old-7")).text.contains("event: missed"))
            try eventually("it is written") { try bookend.ask(admin: "/v1/journal").text.contains("\"process\"") }
            bookend.end()
            let second = try stage.bookend(yaml: yaml, mayDie: true)
            let stream = try listen(second, after: last.id)
            #expect(try event(stream).id == process.id)
            let again = try event(stream)
            #expect(again.text.contains("event: start") && Int(again.id) ?? 0 > Int(process.id) ?? .max, "\(again)")
            #expect(try event(listen(second, after: process.id)).id == again.id)
        }
    }

    @Test("As many as may listen do, and one more is told so; a place becomes free when one leaves")
    func subscribers() async throws {
        try await Stage.run { stage in
            let bookend = try stage.bookend([try stage.origin()])
            var clients = try (0..<16).map { _ in try listen(bookend) }
            #expect(try bookend.ask(admin: "/v1/events").status == 503)
            #expect(try bookend.ask(admin: "/v1/status").status == 200)
            clients.removeLast().close()
            try eventually("there is a place again") {
                let client = Connection(owning: try UnixSocket.connect(to: bookend.adminSocket))
                try client.send("GET /v1/events HTTP/1.1\r\nHost: bookend\r\n\r\n")
                return try client.head().startLine.contains("200")
            }
        }
    }

    @Test("Refusals for want of a place are told when they begin and when they end")
    func shedding() async throws {
        try await Stage.run { stage in
            let server = try stage.silentOrigin()
            let bookend = try stage.bookend(
                addresses: ["a: { address: \(server.address), max-in-flight: 1 }"],
                pool: ["admission: { limiter: off, queue: 0 }"])
            let client = try listen(bookend)
            let held = try bookend.connect()
            try held.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n")
            try eventually("its place is taken") { try bookend.status().servers[0].inFlight == 1 }
            #expect(try bookend.ask().status == 503)
            #expect(try event(client).text.contains("event: shedding_began"))
            let ended = try event(client).text
            #expect(ended.contains("event: shedding_ended") && ended.contains("\"refused\":1"))
        }
    }

    @Test("A stream on which nothing happens says that it lives; who takes nothing of one is dropped, with a word")
    func heartbeat() async throws {
        try await Stage.run { stage in
            // Servers that nobody runs, so that there is something to tell.
            let dead = (0..<400).map { "s\($0): 127.2.\($0 / 200).\($0 % 200 + 1):9" }
            let bookend = try stage.bookend(
                addresses: ["web-01: \(try stage.origin().address)"] + dead, pool: ["health: { every: 1s }"])
            try eventually("they are dead") {
                try bookend.status().servers.count { $0.state == "dead" } == dead.count
            }
            // It is an event too.
            try eventually("the alarm is open", within: 15) { bookend.program.errors.contains("has no spare") }
            let stuck = try listen(bookend, after: "0")
            let client = try listen(bookend)
            #expect(client.isSilent(for: 13))
            #expect(try client.bytes(through: "\n\n") == Array(": still here\n\n".utf8))
            try eventually("the one who does not read is dropped", within: 25) {
                bookend.program.errors.contains("it took nothing for 15s")
            }
            #expect(try !stuck.rest().bytes.isEmpty, "what was there for it still is")
            #expect(try client.bytes(through: "\n\n") == Array(": still here\n\n".utf8), "the other one stays")
        }
    }
}
