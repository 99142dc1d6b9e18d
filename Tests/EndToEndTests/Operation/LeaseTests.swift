import Foundation
import Glibc
import Testing

@Suite("Servers that are taken out")
struct LeaseTests {
    private let watched = ["health: { every: 50ms }", "slow-start: 1s", "admission: { limiter: off }"]

    private func bookend(_ stage: Stage, _ servers: [Origin], cap: Int = 100) throws -> Bookend {
        let addresses = servers.map { "\($0.name): { address: \($0.address), max-in-flight: \(cap) }" }
        let bookend = try stage.bookend(addresses: addresses, workers: 2, pool: watched)
        try allHealthy(bookend)
        return bookend
    }

    private func allHealthy(_ bookend: Bookend) throws {
        try eventually("all are healthy") { try bookend.status().servers.allSatisfy { $0.state == "healthy" } }
    }

    private func verb(_ stage: Stage, _ bookend: Bookend, _ arguments: String...) throws -> Finished {
        try stage.verb(arguments + ["--admin", bookend.adminSocket], environment: ["SUDO_USER=ada"])
    }

    private func rotation(_ name: String, _ bookend: Bookend) throws -> String? {
        try bookend.status().servers.first { $0.name == name }?.rotation
    }

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

    /// Answers when the gate opens.
    private func slow(_ stage: Stage, _ name: String, _ gate: Gate) throws -> Origin {
        try stage.origin(name) { connection in
            while true {
                try connection.request()
                gate.wait()
                try connection.answer(name)
            }
        }
    }

    private func ask(_ count: Int, _ bookend: Bookend) throws -> [Connection] {
        let clients = try (0..<count).map { _ in
            let client = try bookend.connect()
            try client.send(get())
            return client
        }
        // The guard looks at whole seconds.
        try eventually("all are in flight") { try bookend.status().servers.reduce(0) { $0 + $1.inFlight } == count }
        usleep(2_300_000)
        return clients
    }

    @Test("A drain that the others could not bear is refused with the figures, exit code 1, and nothing changes")
    func refused() async throws {
        try await Stage.run { stage in
            let gate = Gate()
            stage.atEnd { gate.open() }
            let origins = [try slow(stage, "web-01", gate), try slow(stage, "web-02", gate)]
            let bookend = try bookend(stage, origins, cap: 4)
            let clients = try ask(6, bookend)
            let drain = try verb(stage, bookend, "drain", "web-02", "--why", "kernel update")
            #expect(drain.code == 1 && drain.text.isEmpty)
            #expect(
                drain.errors.hasPrefix(
                    "bookend: refused: without web-02 the rest of pool main holds 3.4 requests in flight, and 6 are needed\n"
                ),
                "\(drain.errors)")
            #expect(drain.errors.contains("  web-01      4\n") && drain.errors.contains("6 now;"))
            #expect(drain.errors.contains("It passes when no more than 3.4 requests are in flight."))
            #expect(drain.errors.contains("--force"))
            let problem = try bookend.ask(
                admin: "/v1/servers/web-02/lease", method: "POST", body: #"{"why": "x", "by": "bob"}"#)
            #expect(problem.status == 409 && problem["content-type"] == "application/problem+json")
            #expect(problem.text.contains(#""guard":{"absent":[],"holds":3.4"#), "\(problem.text)")
            #expect(try rotation("web-02", bookend) == "serving" && bookend.status().leases.isEmpty)
            let json = try verb(stage, bookend, "drain", "web-02", "--why", "x", "--json")
            #expect(json.code == 1 && json.text.contains(#""verdict":"refused""#))
            let forced = try verb(stage, bookend, "drain", "web-02", "--why", "it burns", "--force")
            #expect(forced.code == 0 && forced.text.contains("an alarm is open while it is out"))
            #expect(try bookend.status().alarms.contains { $0.kind == "forced" })
            gate.open()
            for client in clients { #expect(try client.response().status == 200, "what was in flight finishes") }
        }
    }

    @Test("Of two drains at the same time, of which the others could bear one, one passes")
    func twoAtOnce() async throws {
        try await Stage.run { stage in
            let gate = Gate()
            stage.atEnd { gate.open() }
            let origins = try ["web-01", "web-02", "web-03"].map { try slow(stage, $0, gate) }
            let bookend = try bookend(stage, origins, cap: 4)
            _ = try ask(5, bookend)
            let drains = try ["web-01", "web-02"].map { server in
                try stage.start(
                    Binary.path(), ["drain", server, "--why", "update", "--admin", bookend.adminSocket], named: "drain")
            }
            let codes = try drains.map { try $0.exitCode() }
            #expect(codes.sorted() == [0, 1], "\(drains.map(\.errors))")
            #expect(try bookend.status().leases.count == 1)
        }
    }

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

    @Test("A leased server gets no request when all others are gone, if it is not to be called back")
    func notCalledBack() async throws {
        try await Stage.run { stage in
            let port = try Socket.deadPort(stage)
            let two = try stage.origin("web-02")
            let bookend = try stage.bookend(
                addresses: ["web-01: 127.0.0.1:\(port)", "web-02: \(two.address)"], pool: watched)
            try eventually("it serves") { try bookend.status().servers[1].state == "healthy" }
            let lease = #"{"for": "10m", "why": "x", "by": "bob", "force": true, "recall": false}"#
            #expect(try bookend.ask(admin: "/v1/servers/web-02/lease", method: "POST", body: lease).status == 200)
            for _ in 0..<5 { #expect(try bookend.ask().status >= 502) }
            #expect(two.requests.isEmpty)
        }
    }

    @Test("When another server dies, the one that is taken out is called back, and the log says why")
    func recalled() async throws {
        try await Stage.run { stage in
            let nginx = try stage.nginx()
            let two = try stage.origin("web-02")
            let bookend = try stage.bookend(
                addresses: ["web-01: \(nginx.address)", "web-02: \(two.address)"], pool: watched)
            try allHealthy(bookend)
            let taken = try verb(stage, bookend, "drain", "web-02", "--why", "x", "--force", "--wait")
            #expect(taken.code == 0, "\(taken.errors)")
            nginx.program.send(SIGTERM)
            try eventually("it is called back") { try bookend.ask().text == "web-02" }
            #expect(bookend.program.errors.contains("web-02 is back, in slow start: called back, because web-01 fails"))
        }
    }

    @Test("When requests are refused for want of a place, the one that is taken out is called back")
    func recalledInOverload() async throws {
        try await Stage.run { stage in
            let origins = try ["web-01", "web-02"].map { name in
                try stage.origin(name) { connection in
                    while true {
                        try connection.request()
                        usleep(50_000)
                        try connection.answer(name)
                    }
                }
            }
            let bookend = try bookend(stage, origins, cap: 2)
            #expect(try verb(stage, bookend, "drain", "web-02", "--why", "x", "--wait").code == 0)
            let readers = Readers(40, at: bookend.port)
            defer { readers.end() }
            try eventually("it is called back", within: 20) { origins[1].requests.count > 20 }
            let log = bookend.program.errors
            #expect(log.contains("called back, because requests are refused for want of a place"), "\(log)")
        }
    }

    @Test("Where nobody knows what the others hold, the drain is a trial of eight seconds")
    func trial() async throws {
        try await Stage.run { stage in
            let gate = Gate()
            stage.atEnd { gate.open() }
            let origins = [try slow(stage, "web-01", gate), try slow(stage, "web-02", gate)]
            let bookend = try stage.bookend(origins, pool: watched)
            try allHealthy(bookend)
            let clients = try ask(8, bookend)
            let began = secondsNow()
            let drain = try verb(stage, bookend, "drain", "web-02", "--why", "x")
            #expect(drain.code == 0 && drain.text.hasPrefix("web-02 is drained on trial"), "\(drain.errors)")
            #expect(drain.text.contains("  web-01      at least 4\n"), "\(drain.text)")
            let other = try verb(stage, bookend, "drain", "web-01", "--why", "y")
            #expect(other.code == 1 && other.errors.contains("it is being tried whether the pool does without web-02"))
            try eventually("it drains", within: 15) { try bookend.status().leases.first?.state == "draining" }
            #expect(secondsNow() - began > 7)
            gate.open()
            for client in clients { #expect(try client.response().status == 200) }
            try eventually("it is out") { try bookend.status().leases.first?.state == "out" }
        }
    }

    @Test("A trial that the others fail gives the server back, and whoever waits learns it by exit code 1")
    func trialFails() async throws {
        try await Stage.run { stage in
            let gate = Gate()
            stage.atEnd { gate.open() }
            let (nginx, two) = (try stage.nginx(), try slow(stage, "web-02", gate))
            let bookend = try stage.bookend(
                addresses: ["web-01: \(nginx.address)", "web-02: \(two.address)"], pool: watched)
            try allHealthy(bookend)
            let clients = try (0..<8).map { _ in try bookend.connect() }
            for client in clients { try client.send(get()) }
            try eventually("half of them wait at web-02") { try bookend.status().servers[1].inFlight >= 3 }
            usleep(2_300_000)
            let drain = try stage.start(
                Binary.path(), ["drain", "web-02", "--why", "x", "--wait", "--admin", bookend.adminSocket],
                named: "drain")
            try eventually("it is tried") { try bookend.status().servers[1].capReason == "draining" }
            nginx.program.send(SIGTERM)
            #expect(try drain.exitCode(within: 10) == 1)
            #expect(
                drain.outputText.hasSuffix(
                    "web-02 is in rotation: the others do not carry its requests: web-01 fails\n"))
            #expect(try rotation("web-02", bookend) == "serving" && bookend.status().leases.isEmpty)
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
