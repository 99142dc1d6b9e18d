import Foundation
import Glibc
import Testing

@Suite("Servers that are taken out")
struct LeaseTests: LeaseStory {
    @Test("Draining under load loses no request; when the verb returns nothing is on the server, and nothing comes")
    func underLoad() async throws {
        try await Stage.run { stage in
            let origins = [try stage.origin("web-01"), try stage.origin("web-02")]
            let bookend = try bookend(stage, origins)
            let readers = Readers(8, at: bookend.port)
            defer { readers.end() }
            try eventually("both serve") { origins.allSatisfy { $0.requests.count > 50 } }
            let drain = try verb(stage, bookend, "drain", "web-02", "--for", "10m", "--why", "kernel update", "--wait")
            #expect(drain.code == 0, "\(drain.errors)")
            let lines = drain.text.split(separator: "\n")
            #expect(lines.first?.hasPrefix("web-02 is draining: nothing new goes there; ") == true, "\(drain.text)")
            #expect(drain.text.contains("(10m0s), by ada: kernel update") && drain.text.contains("  web-01      100"))
            #expect(lines.last?.hasPrefix("web-02 is out: nothing of ours is on it, until ") == true, "\(drain.text)")
            let (before, answered) = (origins[1].requests.count, readers.answered)
            try eventually("the others are served") { readers.answered > answered + 200 }
            #expect(origins[1].requests.count == before)
            let restore = try verb(stage, bookend, "restore", "web-02", "--wait")
            #expect(restore.code == 0 && restore.text.contains("web-02 is in rotation: ada ended its lease"))
            try eventually("it serves again") { origins[1].requests.count > before + 50 }
            readers.end()
            #expect(readers.failures.isEmpty)
        }
    }

    @Test("The forgotten drain comes back by itself at its end, and until then the status and the log say who and why")
    func forgotten() async throws {
        try await Stage.run { stage in
            let origins = [try stage.origin("web-01"), try stage.origin("web-02")]
            let bookend = try bookend(stage, origins)
            #expect(try verb(stage, bookend, "drain", "web-02", "--for", "4s", "--why", "a test").code == 0)
            let lease = try #require(try bookend.status().leases.first)
            #expect(lease.server == "web-02" && lease.owner == "ada" && lease.why == "a test")
            #expect((2...4).contains(lease.leftSeconds))
            for _ in 0..<10 { #expect(try bookend.ask().text == "web-01") }
            let status = try verb(stage, bookend, "status")
            #expect(status.text.contains("a test") && status.text.contains("healthy (taken out)"), "\(status.text)")
            let list = try verb(stage, bookend, "leases")
            #expect(list.text.contains("web-02") && list.text.contains("ada") && list.text.contains("a test"))
            try eventually("it is back", within: 20) { try bookend.status().leases.isEmpty }
            #expect(Set(try (0..<4).map { _ in try bookend.ask().text }) == ["web-01", "web-02"])
            #expect(try verb(stage, bookend, "leases").text == "no server is taken out\n")
            let log = bookend.program.errors
            #expect(log.contains("web-02 is draining; for ada: a test"))
            #expect(log.contains("web-02 is back, in slow start: the time of its lease is up"), "\(log)")
        }
    }

    @Test("A server that does not answer its checks stays out with an alarm, and comes back when it does")
    func overdue() async throws {
        try await Stage.run { stage in
            let port = try Socket.deadPort(stage)
            let one = try stage.origin("web-01")
            let addresses = ["web-01: \(one.address)", "web-02: 127.0.0.1:\(port)"]
            let bookend = try stage.bookend(addresses: addresses, pool: watched)
            try eventually("it is dead") { try bookend.status().servers[1].state == "dead" }
            let drain = try verb(stage, bookend, "drain", "web-02", "--for", "1s", "--why", "a disk")
            #expect(drain.code == 0 && drain.text.contains("It was not in rotation (dead): the others lose nothing."))
            try eventually("it is overdue") { try bookend.status().leases.first?.state == "overdue" }
            #expect(try bookend.status().alarms.contains { $0.kind == "overdue" && $0.severity == "page" })
            let restore = try verb(stage, bookend, "restore", "web-02", "--wait")
            #expect(restore.code == 1 && restore.text.contains("does not answer its checks"))
            #expect(try verb(stage, bookend, "status").text.contains("ALARM: web-02 does not answer its checks"))
            try eventually("one server left is an alarm, though every request succeeds", within: 20) {
                #expect(try bookend.ask().status == 200)
                return try bookend.status().alarms.contains { $0.kind == "no-spare" && $0.severity == "page" }
            }
            try eventually("the log says it") { bookend.program.errors.contains("ALARM: pool main has no spare") }
        }
    }

    @Test("Prolonging needs a reason and says the new end; a lease that is not there is exit code 1")
    func extend() async throws {
        try await Stage.run { stage in
            let bookend = try bookend(stage, [try stage.origin("web-01"), try stage.origin("web-02")])
            #expect(try verb(stage, bookend, "drain", "main/web-02", "--for", "1m", "--why", "x").code == 0)
            let longer = try verb(stage, bookend, "extend", "web-02", "--for", "1h", "--why", "fsck")
            #expect(longer.code == 0 && longer.text.contains("by ada: fsck"), "\(longer.errors)")
            #expect((3_600...3_660).contains(try bookend.status().leases.first?.leftSeconds ?? 0))
            let tooLong = try verb(stage, bookend, "extend", "web-02", "--for", "24h", "--why", "fsck")
            #expect(tooLong.code == 1 && tooLong.errors.contains("a lease lasts 1s to 24h, extensions included"))
            let again = try verb(stage, bookend, "drain", "web-02", "--why", "y")
            #expect(again.code == 1 && again.errors.contains("web-02 is taken out already, by ada: fsck"))
            let none = try verb(stage, bookend, "restore", "web-01")
            #expect(none.code == 1 && none.errors == "bookend: refused: nobody has taken web-01 out\n")
            let unknown = try verb(stage, bookend, "drain", "web-09", "--why", "y")
            #expect(unknown.code == 1 && unknown.errors.contains("there is no server web-09"))
        }
    }

    @Test("Wrong usage is 2, nobody there is 3")
    func usage() async throws {
        try await Stage.run { stage in
            for arguments in [
                ["drain", "web-01"], ["drain", "web-01", "--why", ""], ["drain", "--why", "x"],
                ["drain", "web-01", "--why", "x", "--for", "30 min"],
                ["drain", "web-01", "--why", "x", "--for", "25h"],
                ["extend", "web-01", "--for", "1m"], ["extend", "web-01", "--why", "x"], ["restore"], ["leases", "x"],
            ] {
                let verb = try stage.verb(arguments)
                #expect(verb.code == 2 && verb.errors.contains("Usage:"), "\(arguments): \(verb.code) \(verb.errors)")
            }
            for arguments in [["drain", "a", "--why", "x"], ["restore", "a"], ["leases"]] {
                #expect(try stage.verb(arguments + ["--admin", stage.path("none.sock")]).code == 3)
            }
        }
    }

    @Test("What the admin API cannot take says why")
    func problems() async throws {
        try await Stage.run { stage in
            let bookend = try bookend(stage, [try stage.origin("web-01"), try stage.origin("web-02")])
            func lease(_ method: String, _ body: String?, _ server: String = "web-02") throws -> Int {
                let answer = try bookend.ask(admin: "/v1/servers/\(server)/lease", method: method, body: body)
                if answer.status != 200 { #expect(answer["content-type"] == "application/problem+json") }
                return answer.status
            }
            for bad in [
                "", "{", "[]", #"{"for": 30}"#, #"{"for": "30"}"#, #"{"for": "1m", "why": "x"}"#,
                #"{"for": "1m", "by": "x"}"#, #"{"for": "25h", "by": "x", "why": "x"}"#,
                #"{"by": "x", "why": "a\nb"}"#,
            ] {
                #expect(try lease("POST", bad) == 400, "\(bad)")
            }
            #expect(try lease("GET", nil) == 404 && lease("DELETE", #"{"by": "x"}"#) == 404)
            #expect(try lease("PATCH", #"{"for": "1m", "by": "x", "why": "x"}"#) == 404)
            #expect(try lease("PUT", "{}") == 405 && lease("POST", #"{"by": "x", "why": "x"}"#, "web-09") == 404)
            #expect(try lease("POST", #"{"by": "x", "why": "x"}"#) == 200)
            #expect(try lease("GET", nil) == 200 && lease("POST", #"{"by": "x", "why": "x"}"#) == 409)
            #expect(try bookend.ask(admin: "/v1/leases").text.contains("\"server\":\"web-02\""))
            #expect(try lease("DELETE", "{}") == 400 && lease("DELETE", #"{"by": "x"}"#) == 200)
        }
    }
}
