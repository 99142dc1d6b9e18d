import Foundation
import Glibc
import Testing

@Suite("The configuration changes while Bookend runs")
struct ReloadTests {
    /// A file that each test writes anew.
    private struct Setting {
        let stage: Stage
        var servers: [String]
        var second: [String] = []
        var routes: [String] = []
        var listeners: [String] = []
        var top: [String] = ["workers: 2"]
        var pool = ["health: { every: 50ms }", "slow-start: 100ms"]

        init(_ stage: Stage, _ origins: [Origin]) {
            self.stage = stage
            servers = origins.map { "\($0.name): \($0.address)" }
        }

        var yaml: String {
            func indented(_ lines: [String], _ depth: Int) -> String {
                lines.map { String(repeating: " ", count: depth) + $0 + "\n" }.joined()
            }
            let more = second.isEmpty ? "" : "  second:\n    health: off\n    servers:\n" + indented(second, 6)
            return indented(top, 0) + "listeners:\n  - bind: 127.0.0.1:0\n    routes:\n" + indented(routes, 6)
                + "      - { pool: main }\n" + indented(listeners, 2) + "pools:\n  main:\n" + indented(pool, 4)
                + "    servers:\n" + indented(servers, 6) + more
        }

        func start() throws -> Bookend {
            let bookend = try stage.bookend(yaml: yaml)
            try eventually("all are healthy") {
                try bookend.status().pools[0].servers.allSatisfy { $0.state == "healthy" }
            }
            return bookend
        }

        func write() throws {
            let head = readText(stage.path("bookend.yaml")).split(separator: "\n").prefix(2).joined(separator: "\n")
            _ = try stage.file("bookend.yaml", head + "\n" + yaml)
        }

        /// Writes and reloads.
        @discardableResult
        func reload(_ bookend: Bookend) throws -> Response {
            try write()
            return try bookend.ask(admin: "/v1/reload", method: "POST")
        }
    }

    private func verb(_ stage: Stage, _ bookend: Bookend, _ arguments: String...) throws -> Finished {
        try stage.verb(arguments + ["--admin", bookend.adminSocket], environment: ["SUDO_USER=ada"])
    }

    /// Echoes after a 101, drips after /drip, and says its name otherwise.
    private func talker(_ stage: Stage, _ name: String) throws -> Origin {
        try stage.origin(name) { connection in
            while true {
                let head = try connection.head()
                if head.startLine.contains("/tunnel") {
                    try connection.send(
                        "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\n")
                    while true { try connection.wire.send(connection.wire.bytes(5)) }
                }
                if head.startLine.contains("/drip") {
                    try connection.send("HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n")
                    while true {
                        try connection.send("tick\n")
                        usleep(20_000)
                    }
                }
                try connection.answer(name)
            }
        }
    }

    @Test("Fifty reloads under load, each changing something, cost no request, no tunnel, no download and no memory")
    func fifty() async throws {
        try await Stage.run { stage in
            let origins = try ["web-01", "web-02", "web-03"].map { try talker(stage, $0) }
            var setting = Setting(stage, Array(origins[..<2]))
            setting.second = ["web-01: \(origins[0].address)"]
            setting.routes = ["- { path: /tunnel, pool: second }"]
            let bookend = try setting.start()
            let readers = Readers(8, at: bookend.port)
            defer { readers.end() }
            let tunnel = try bookend.connect()
            try tunnel.send(get("/tunnel", "Connection: Upgrade\r\nUpgrade: echo\r\n"))
            #expect(try tunnel.head().startLine.contains(" 101 "))
            let download = try bookend.connect()
            try download.send(get("/drip"))
            #expect(try download.head().startLine.contains(" 200 "))
            var early = 0
            for step in 0..<50 {
                var next = setting
                next.servers[0] = "web-01: { address: \(origins[0].address), weight: \(1 + step % 3) }"
                if step % 2 == 0 { next.servers.append("web-03: \(origins[2].address)") }
                if step % 3 == 0 { next.routes.append("- { path: /r\(step), pool: second }") }
                if step % 5 < 2 { next.listeners = ["- { bind: 127.0.0.1:0, pool: main }"] }
                let answer = try next.reload(bookend)
                #expect(answer.status == 200 && answer.text.contains("\"changed\":[\""), "\(answer.text)")
                try tunnel.send("hello")
                #expect(try tunnel.bytes(5) == Array("hello".utf8))
                #expect(try download.bytes(5) == Array("tick\n".utf8))
                usleep(20_000)
                if step == 10 { early = bookend.residentBytes }
            }
            readers.end()
            #expect(readers.failures.isEmpty, "\(readers.failures.prefix(3))")
            #expect(readers.answered > 500)
            #expect(bookend.residentBytes - early < 3 << 20)
            #expect(try bookend.status().listeners.count == 1)
        }
    }

    /// Clients that ask, until the server of that place in the status has a request that it does not answer: the last one's.
    private func ask(_ bookend: Bookend, untilOneIsAt server: Int) throws -> [Connection] {
        var clients: [Connection] = []
        try eventually("one is in flight there") {
            let client = try bookend.connect()
            try client.send(get())
            clients.append(client)
            usleep(20_000)
            return try bookend.status().servers[server].inFlight > 0
        }
        return clients
    }

    @Test("A server that comes is probed first, one that goes ends what it has, and the file's order is the status's")
    func servers() async throws {
        try await Stage.run { stage in
            let gate = Gate()
            stage.atEnd { gate.open() }
            let slow = try stage.origin("web-01", behind: gate)
            let others = [try stage.origin("web-02"), try stage.origin("web-03")]
            var setting = Setting(stage, [slow, others[0]])
            let bookend = try setting.start()
            let clients = try ask(bookend, untilOneIsAt: 0)
            setting.servers = others.reversed().map { "\($0.name): \($0.address)" }
            #expect(try setting.reload(bookend).status == 200)
            #expect(try bookend.status().servers.map(\.name) == ["web-03", "web-02"])
            try eventually("both serve") { try bookend.status().servers.allSatisfy { $0.state == "healthy" } }
            #expect(bookend.program.errors.contains("web-03 serves, in slow start: new, and answers"))
            #expect(Set(try (0..<6).map { _ in try bookend.ask().text }) == ["web-02", "web-03"])
            gate.open()
            #expect(try clients.map { try $0.response().text }.last == "web-01")
            try eventually("no connection is kept") { slow.openConnections == 0 }
        }
    }

    @Test("A file that cannot be used changes nothing, and the log, the caller and the status say why and where")
    func badFile() async throws {
        try await Stage.run { stage in
            let origins = [try stage.origin("web-01"), try stage.origin("web-02")]
            var setting = Setting(stage, origins)
            let bookend = try setting.start()
            let good = setting
            setting.servers[1] = "web-02: { adress: \(origins[1].address) }"
            try setting.write()
            let reload = try verb(stage, bookend, "reload")
            #expect(reload.code == 1 && reload.text.isEmpty)
            let place = "bookend.yaml:14:17: error: "
            #expect(
                reload.errors.contains(place) && reload.errors.contains("did you mean `address`?"), "\(reload.errors)")
            #expect(bookend.program.errors.contains(place))
            let status = try verb(stage, bookend, "status")
            #expect(status.text.contains("the file on disk is not what runs:") && status.text.contains(place))
            #expect(Set(try (0..<4).map { _ in try bookend.ask().text }) == ["web-01", "web-02"])
            try good.write()
            let again = try verb(stage, bookend, "reload")
            #expect(again.code == 0 && again.text.hasPrefix("nothing has changed"), "\(again.text)")
            #expect(try verb(stage, bookend, "status").text.contains("not what runs") == false)
        }
    }

    @Test("What needs a restart is told apart, and nothing of such a file is taken, nor of one whose port is taken")
    func fixed() async throws {
        try await Stage.run { stage in
            let origins = [try stage.origin("web-01"), try stage.origin("web-02")]
            var setting = Setting(stage, origins)
            let bookend = try setting.start()
            setting.top = ["workers: 1"]
            setting.servers[0] = "web-01: { address: \(origins[0].address), weight: 9 }"
            let answer = try setting.reload(bookend)
            #expect(answer.status == 409 && answer.text.contains("workers: 2 → 1"), "\(answer.text)")
            setting.top = ["workers: 2"]
            setting.listeners = ["- { bind: 127.0.0.1:\(origins[0].port), pool: main }"]
            setting.servers = ["web-02: \(origins[1].address)"]
            let taken = try setting.reload(bookend)
            #expect(taken.status == 409 && taken.text.contains("the port is in use"), "\(taken.text)")
            #expect(try bookend.status().servers.map(\.name) == ["web-01", "web-02"])
            setting.listeners = []
            #expect(try setting.reload(bookend).status == 200)
            #expect(try bookend.status().servers.map(\.name) == ["web-02"])
        }
    }

    @Test("SIGHUP does the same, and a worker process that dies later starts with what was in force")
    func signal() async throws {
        try await Stage.run { stage in
            let origins = [try stage.origin("web-01"), try stage.origin("web-02")]
            var setting = Setting(stage, origins)
            setting.servers = ["web-01: \(origins[0].address)"]
            let yaml = setting.yaml
            let bookend = try stage.bookend(yaml: yaml, mayDie: true)
            setting.servers = ["web-02: \(origins[1].address)"]
            setting.listeners = ["- { bind: 127.0.0.1:0, pool: main }"]
            try setting.write()
            kill(bookend.program.id, SIGHUP)
            try eventually("it is in force") { try bookend.status().servers.map(\.name) == ["web-02"] }
            let address = try bookend.status().listeners[1]
            let first = bookend.worker
            // Not what the file says by then.
            setting.servers = ["nonsense"]
            try setting.write()
            try bookend.killWorker()
            try eventually("the next one serves") { bookend.worker != first && (try? bookend.ask().text) == "web-02" }
            #expect(try bookend.status().listeners[1] == address)
            let port = try #require(UInt16(address.split(separator: ":").last ?? ""))
            let client = try Connection(to: port)
            try client.send(get())
            #expect(try client.response().text == "web-02")
        }
    }

    @Test("Many reloads at once all get an answer, and the last file is what runs")
    func atOnce() async throws {
        try await Stage.run { stage in
            let origins = [try stage.origin("web-01"), try stage.origin("web-02")]
            var setting = Setting(stage, origins)
            let bookend = try setting.start()
            setting.servers[0] = "web-01: { address: \(origins[0].address), weight: 7 }"
            try setting.write()
            let callers = try (0..<20).map { number in
                if number % 5 == 0 { kill(bookend.program.id, SIGHUP) }
                let client = Connection(owning: try UnixSocket.connect(to: bookend.adminSocket))
                try client.send("POST /v1/reload HTTP/1.1\r\nHost: bookend\r\n\r\n")
                return client
            }
            for caller in callers { #expect(try caller.response(to: "POST").status == 200) }
            #expect(try verb(stage, bookend, "status", "--json").text.contains("\"weight\":7"))
        }
    }

    @Test("Leases stay as they are, also while a server is draining; a drain of a server that leaves ends with it")
    func whileDraining() async throws {
        try await Stage.run { stage in
            let gate = Gate()
            stage.atEnd { gate.open() }
            let slow = try stage.origin("web-01", behind: gate)
            let others = [try stage.origin("web-02"), try stage.origin("web-03")]
            var setting = Setting(stage, [slow] + others)
            setting.pool.append("admission: { limiter: off }")
            let bookend = try setting.start()
            let clients = try ask(bookend, untilOneIsAt: 0)
            #expect(try verb(stage, bookend, "drain", "web-01", "--why", "a test", "--force").code == 0)
            #expect(try bookend.status().leases.first?.state == "draining")
            setting.servers[1] = "web-02: { address: \(others[0].address), weight: 2 }"
            #expect(try setting.reload(bookend).status == 200)
            let lease = try #require(try bookend.status().leases.first)
            #expect(lease.state == "draining" && lease.owner == "ada" && lease.why == "a test")
            setting.servers.removeFirst()
            #expect(try setting.reload(bookend).status == 200)
            #expect(try bookend.status().leases.isEmpty)
            gate.open()
            #expect(try clients.map { try $0.response().text }.last == "web-01")
        }
    }

    @Test("The access log follows a reload: another format, another file, and the same name after it was rotated")
    func accessLog() async throws {
        try await Stage.run { stage in
            let log = stage.path("access.log")
            var setting = Setting(stage, [try stage.origin("web-01")])
            setting.top.append("access-log: { path: \(log), format: json }")
            let bookend = try setting.start()
            _ = try bookend.ask("GET", "/one")
            try eventually("it is logged") { readText(log).contains("/one") }
            rename(log, log + ".1")
            #expect(try setting.reload(bookend).status == 200)
            _ = try bookend.ask("GET", "/two")
            try eventually("into the new file") { readText(log).contains("/two") }
            #expect(!readText(log + ".1").contains("/two"))
            setting.top[1] = "access-log: { path: \(stage.path("other.log")), format: combined }"
            #expect(try setting.reload(bookend).status == 200)
            _ = try bookend.ask("GET", "/three")
            try eventually("into the other file") {
                readText(stage.path("other.log")).contains("\"GET /three HTTP/1.1\"")
            }
            setting.top[1] = "access-log: off"
            #expect(try setting.reload(bookend).status == 200)
            _ = try bookend.ask("GET", "/four")
            usleep(500_000)
            #expect(!readText(stage.path("other.log")).contains("/four"))
        }
    }
}
