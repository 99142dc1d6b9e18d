import Glibc
import Testing

@Suite("Servers that are recycled")
struct RecycleTests {
    private let watched = ["health: { path: /, every: 50ms }", "slow-start: 1s", "admission: { limiter: off }"]

    private func bookend(_ stage: Stage, _ lines: [String]) throws -> Bookend {
        let bookend = try stage.bookend(addresses: lines, workers: 2, pool: watched)
        try eventually("all are healthy") { try bookend.status().servers.allSatisfy { $0.state == "healthy" } }
        return bookend
    }

    private func verb(_ stage: Stage, _ bookend: Bookend, _ arguments: String...) throws -> Finished {
        try stage.verb(arguments + ["--admin", bookend.adminSocket], environment: ["SUDO_USER=ada"])
    }

    @Test("Under load it is drained, restarted by its hook, checked and back, and no request fails")
    func underLoad() async throws {
        try await Stage.run { stage in
            let services = try ["web-01", "web-02"].map { try stage.service($0) }
            let bookend = try bookend(stage, services.map { $0.line() })
            let readers = Readers(8, at: bookend.port)
            defer { readers.end() }
            try eventually("requests are answered") { readers.answered > 100 }
            let before = services[1].process
            let done = try verb(stage, bookend, "recycle", "web-02", "--why", "a leak", "--wait")
            #expect(done.code == 0, "\(done.errors) \(done.text) \(bookend.program.errors)")
            #expect(done.text.hasPrefix("web-02: drains, then its clean-up hook runs"), "\(done.text)")
            #expect(done.text.hasSuffix("web-02: is recycled\n"), "\(done.text)")
            #expect(services[1].process != before && services[0].notes == ["begin web-02", "end web-02"])
            let answered = readers.answered
            try eventually("the new process serves") { try bookend.ask().text == "web-02 \(services[1].process)" }
            try eventually("all are served") { readers.answered > answered + 100 }
            readers.end()
            #expect(readers.failures.isEmpty, "\(readers.failures.prefix(3))")
            let answer = try bookend.ask(admin: "/v1/servers/web-02/recycle")
            #expect(answer.text.contains(#""outcome":"done""#) && answer.text.contains(#""hook":"ended well""#))
            #expect(answer.text.contains("restarts main/web-02 at \(services[1].address) for a leak"))
            let log = bookend.program.errors
            #expect(
                log.contains("web-02 is to be recycled, for ada: a leak") && log.contains("clean-up hook ended well"))
            #expect(log.contains("web-02: is recycled"), "\(log)")
            let timeline = try verb(stage, bookend, "timeline").text
            for step in [
                "is to be recycled", "is draining", "is out", "its clean-up hook runs", "ended well", "is back",
            ] {
                #expect(timeline.contains(step), "\(step)")
            }
            let journal = try verb(stage, bookend, "timeline", "--json").text
            #expect(
                journal.contains(#""hook_output":"restarts main/web-02 at"#), "what the hook wrote is kept: \(journal)")
        }
    }

    @Test("A pool is recycled one server after the other, backup and all, and no request fails")
    func rolling() async throws {
        try await Stage.run { stage in
            let services = try ["web-01", "web-02", "web-03"].map { try stage.service($0, restartsIn: 0.1) }
            let bookend = try bookend(stage, services.map { $0.line() })
            let readers = Readers(6, at: bookend.port)
            defer { readers.end() }
            let done = try verb(stage, bookend, "recycle", "main", "--wait", "--json")
            #expect(done.code == 0, "\(done.errors)")
            #expect(done.text.hasPrefix("[{") && done.text.split(separator: #""outcome":"done""#).count == 4)
            readers.end()
            #expect(readers.failures.isEmpty, "\(readers.failures.prefix(3))")
            #expect(
                services[0].notes == (1...3).flatMap { ["begin web-0\($0)", "end web-0\($0)"] },
                "never two at once: \(services[0].notes)")
            #expect(try bookend.status().recycles.isEmpty && bookend.status().alarms.isEmpty)
        }
    }

    @Test("While its hook runs the status says so, nobody can put the server back, and events tell each step")
    func watched() async throws {
        try await Stage.run { stage in
            let services = [try stage.service("web-01"), try stage.service("web-02", restartsIn: 2)]
            let bookend = try bookend(stage, services.map { $0.line() })
            #expect(try verb(stage, bookend, "recycle", "web-02", "--why", "a leak").code == 0)
            try eventually("its hook runs") { try bookend.status().recycles.first?.phase == "hook" }
            let recycle = try #require(try bookend.status().recycles.first)
            #expect(recycle.server == "web-02" && recycle.owner == "ada" && recycle.why == "a leak")
            let lease = try #require(try bookend.status().leases.first)
            #expect(lease.owner == "bookend" && lease.why == "a leak")
            let screen = try verb(stage, bookend, "status").text
            #expect(screen.contains("web-02 is recycled: its clean-up hook runs for "), "\(screen)")
            let restore = try verb(stage, bookend, "restore", "web-02")
            #expect(restore.code == 1 && restore.errors.contains("the clean-up hook of web-02 runs"))
            let cancel = try verb(stage, bookend, "recycle", "web-02", "--cancel")
            #expect(cancel.code == 1 && cancel.errors.contains("too late: web-02: its clean-up hook runs"))
            let again = try verb(stage, bookend, "recycle", "main/web-02")
            #expect(again.code == 1 && again.errors.contains("web-02 is planned already"))
            let drain = try verb(stage, bookend, "drain", "web-02", "--why", "x")
            #expect(drain.code == 1 && drain.errors.contains("taken out already, by bookend: a leak"))
            try eventually("it is over", within: 20) { try bookend.status().recycles.isEmpty }
            let client = Connection(owning: try UnixSocket.connect(to: bookend.adminSocket))
            try client.send("GET /v1/events HTTP/1.1\r\nHost: bookend\r\nLast-Event-ID: 0\r\n\r\n")
            let events = String(decoding: try client.bytes(through: #""text":"web-02: is recycled""#), as: UTF8.self)
            for step in ["waiting", "hook", "verifying", "over"] {
                #expect(events.contains(#""owner":"ada","state":"\#(step)""#), "\(step)")
            }
            // The rest is said by its lease.
            for text in ["is draining", "is out", "is back, in slow start"] {
                #expect(events.contains(#""text":"web-02 \#(text)"#), "\(text)")
            }
            #expect(events.contains(#""hook":"ended well""#) && !events.contains("hook_output"), "the journal has that")
        }
    }

    @Test("A server that an operator has taken out is recycled when it is back; until then an alarm says that it waits")
    func leased() async throws {
        try await Stage.run { stage in
            let services = try ["web-01", "web-02"].map { try stage.service($0, restartsIn: 0.1) }
            let bookend = try bookend(stage, services.map { $0.line() })
            let drain = try verb(stage, bookend, "drain", "web-02", "--why", "a disk", "--no-recall", "--wait")
            #expect(drain.code == 0, "\(drain.errors)")
            let waits = try verb(stage, bookend, "recycle", "web-02")
            #expect(waits.code == 0 && waits.text.hasPrefix("web-02: waits, as somebody has taken it out."))
            #expect(try bookend.status().recycles.first?.waitsFor == "leased")
            try eventually("an alarm says so", within: 20) {
                try bookend.status().alarms.contains { $0.kind == "recycle-waits" && $0.severity == "warning" }
            }
            #expect(services[1].notes.isEmpty)
            #expect(try verb(stage, bookend, "restore", "web-02").code == 0)
            try eventually("its hook has run", within: 30) { services[1].notes == ["begin web-02", "end web-02"] }
            try eventually("it is over", within: 20) { try bookend.status().recycles.isEmpty }
            #expect(try bookend.status().alarms.isEmpty)
        }
    }

    @Test("One that the others cannot spare waits with the guard's figures, and can be called off")
    func guarded() async throws {
        try await Stage.run { stage in
            let services = try ["web-01", "web-02"].map { try stage.service($0) }
            let one = services[0].line().replacing("max-in-flight: 100", with: "max-in-flight: 1")
            let bookend = try bookend(stage, [one, services[1].line()])
            let readers = Readers(8, at: bookend.port)
            defer { readers.end() }
            usleep(3_000_000)
            let waits = try verb(stage, bookend, "recycle", "web-02")
            #expect(waits.code == 0 && waits.text.hasPrefix("web-02: waits, as the others would not carry the load"))
            #expect(waits.text.contains("  web-01      1\n"), "\(waits.text)")
            let status = try verb(stage, bookend, "status").text
            #expect(status.contains("web-02 waits to be recycled for "), "\(status)")
            let cancel = try verb(stage, bookend, "recycle", "web-02", "--cancel")
            #expect(cancel.code == 0 && cancel.text == "web-02 is not recycled.\n")
            #expect(try bookend.status().recycles.isEmpty && services[1].notes.isEmpty)
        }
    }

    @Test("A server that says that its memory is nearly used up is recycled unasked")
    func memory() async throws {
        try await Stage.run { stage in
            let services = try ["web-01", "web-02"].map { try stage.service($0, restartsIn: 0.1) }
            let bookend = try bookend(stage, services.map { $0.line(more: ", memory: 80%") })
            func report(_ used: Int) throws {
                let body = "{\"memory_used_bytes\": \(used), \"memory_limit_bytes\": 1000}"
                let answer = try bookend.ask(admin: "/v1/servers/web-01/report", method: "POST", body: body)
                #expect(answer.status == 204)
            }
            try report(700)
            usleep(1_500_000)
            #expect(try bookend.status().recycles.isEmpty)
            try eventually("it is recycled", within: 20) {
                try report(850)
                return services[0].notes.count == 2
            }
            try eventually("it is over", within: 20) {
                try report(100)
                return try bookend.status().recycles.isEmpty
            }
            #expect(bookend.program.errors.contains("web-01 is to be recycled, as 85 % of its memory is in use"))
            #expect(try bookend.status().alarms.isEmpty)
        }
    }
}
