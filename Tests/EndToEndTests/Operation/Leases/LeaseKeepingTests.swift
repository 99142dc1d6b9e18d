import Foundation
import Glibc
import Testing

@Suite("Leases that outlast Bookend")
struct LeaseKeepingTests: LeaseStory {
    @Test("kill -9 of the worker process, and of Bookend as a whole, keeps the lease, and its time runs on")
    func killed() async throws {
        try await Stage.run { stage in
            let origins = [try stage.origin("web-01"), try stage.origin("web-02")]
            let yaml = """
                workers: 1
                listen: 127.0.0.1:0
                health: { path: /, every: 50ms }
                servers: { web-01: \(origins[0].address), web-02: \(origins[1].address) }
                """
            let first = try stage.bookend(yaml: yaml, mayDie: true)
            try allHealthy(first)
            // It is on disk when the verb says that it is done.
            #expect(try verb(stage, first, "drain", "web-02", "--for", "12s", "--why", "disk").code == 0)
            try first.killWorker()
            let began = secondsNow()
            for _ in 0..<10 { #expect(try first.ask().text == "web-01") }
            #expect(try first.status().leases.first?.state == "out")
            first.end()
            let second = try stage.bookend(yaml: yaml, mayDie: true)
            let lease = try #require(try second.status().leases.first)
            #expect(lease.owner == "ada" && lease.why == "disk" && lease.leftSeconds <= 12 - (secondsNow() - began))
            for _ in 0..<10 { #expect(try second.ask().text == "web-01") }
            try eventually("it is back by itself", within: 40) { try second.status().leases.isEmpty }
            #expect(secondsNow() - began < 40)
        }
    }

    @Test(
        "A lease holds while its folder cannot be written; the verb says that it is not kept, and that it is once it is"
    )
    func notKept() async throws {
        try await Stage.run { stage in
            // Where the folder should be there is a file.
            try writeFile(stage.path("state"), "")
            let addresses = try ["web-01", "web-02"].map { "\($0): \(try stage.origin($0).address)" }
            let file = try stage.file(
                "bookend.yaml",
                """
                workers: 1
                state: \(stage.folder)/state
                admin: { socket: \(stage.folder)/admin.sock }
                listen: 127.0.0.1:0
                health: { every: 50ms }
                servers: { \(addresses.joined(separator: ", ")) }
                """)
            let program = try stage.start(Binary.path(), ["run", file], named: "bookend")
            let bookend = try Bookend(program, adminSocket: stage.path("admin.sock"))
            stage.atEnd { bookend.end() }
            try allHealthy(bookend)
            let drain = try verb(stage, bookend, "drain", "web-02", "--why", "a disk")
            #expect(drain.code == 0 && drain.text.contains("after a crash nobody would know of it"), "\(drain)")
            #expect(try bookend.status().leases.map(\.kept) == [false])
            for _ in 0..<4 { #expect(try bookend.ask().text == "web-01") }
            unlink(stage.path("state"))
            try eventually("it is kept") { try bookend.status().leases.first?.kept == true }
            #expect(try verb(stage, bookend, "restore", "web-02").code == 0)
        }
    }

    @Test("A lease that was kept is taken up as soon as the file can be read, though servers were in use by then")
    func late() async throws {
        try await Stage.run { stage in
            let addresses = try ["web-01", "web-02"].map { "\($0): \(try stage.origin($0).address)" }
            func start(_ name: String) throws -> Bookend {
                let file = try stage.file(
                    "\(name).yaml",
                    """
                    workers: 1
                    state: \(stage.folder)/state
                    admin: { socket: \(stage.folder)/\(name).sock }
                    listen: 127.0.0.1:0
                    health: { every: 50ms }
                    servers: { \(addresses.joined(separator: ", ")) }
                    """)
                let program = try stage.start(Binary.path(), ["run", file], named: name)
                let bookend = try Bookend(program, adminSocket: stage.path("\(name).sock"))
                stage.atEnd { bookend.end() }
                try allHealthy(bookend)
                return bookend
            }
            let first = try start("first")
            #expect(try verb(stage, first, "drain", "web-02", "--for", "1h", "--why", "disk", "--force").code == 0)
            // The first one holds the file.
            let second = try start("second")
            #expect(try second.status().leases.isEmpty)
            first.end()
            try eventually("the lease is taken up") { try second.status().leases.first?.state == "out" }
            let lease = try #require(try second.status().leases.first)
            #expect(lease.server == "web-02" && lease.owner == "ada" && lease.leftSeconds < 3_600)
            for _ in 0..<10 { #expect(try second.ask().text == "web-01") }
        }
    }

    @Test(
        "The journal tells who took what out, for what, who may not, and how it ended, each with what it follows from")
    func journal() async throws {
        try await Stage.run { stage in
            let bookend = try bookend(stage, [try stage.origin("web-01"), try stage.origin("web-02")])
            #expect(try verb(stage, bookend, "drain", "web-02", "--why", "kernel").code == 0)
            #expect(try verb(stage, bookend, "extend", "web-02", "--for", "10m", "--why", "fsck").code == 0)
            for _ in 0..<3 { #expect(try verb(stage, bookend, "drain", "web-01", "--why", "me too").code == 1) }
            #expect(try verb(stage, bookend, "restore", "web-02", "--wait").code == 0)
            let page = try bookend.ask(admin: "/v1/journal").text
            let journal = try JSONDecoder().decode(Journal.self, from: Data(page.utf8)).entries
            let leases = journal.filter { $0.kind.hasPrefix("lease") }
            #expect(
                leases.map(\.text).filter { !$0.contains("is out, nothing") } == [
                    "web-02 is draining; for ada: kernel", "web-02 stays out longer, for ada: fsck",
                    "ada may not take web-01 out (me too): no other server of pool main is in rotation: without web-01"
                        + " nobody would answer",
                    "web-02 is checked before it comes back: ada ended its lease",
                    "web-02 is back, in slow start: ada ended its lease", "web-02 is back: ada ended its lease",
                ], "\(leases.map(\.text))")
            let chain = leases.filter { $0.kind != "lease_refused" }
            #expect(zip(chain, chain.dropFirst()).allSatisfy { $1.cause == $0.id }, "\(chain)")
            #expect(page.contains(#""verdict":"refused""#) && page.contains(#""verdict":"passes""#))
            for entry in leases { #expect(bookend.program.errors.contains(entry.text)) }
        }
    }

    private struct Journal: Decodable {
        struct Entry: Decodable {
            let id: Int
            let kind: String
            let text: String
            let cause: Int?
        }

        let entries: [Entry]
    }
}
