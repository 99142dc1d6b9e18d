import BookendCore
import BookendLoop
import Testing

@testable import BookendProxy

@Suite("Places on a server")
struct AdmissionTests {
    private let get = "GET / HTTP/1.1\r\nHost: a\r\n\r\n"
    private let ok = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"

    /// One server with so many places.
    private func bench(places: Int) throws -> Bench {
        let bench = try Bench()
        bench.plan.inFlight.setLimit(places, of: 0)
        return bench
    }

    private func client(_ bench: Bench) throws -> Wire {
        let client = try bench.connect()
        client.send(get)
        return client
    }

    @Test("Beyond the cap a request waits, and is answered when the one before has its answer")
    func waits() throws {
        let bench = try bench(places: 1)
        let first = try client(bench)
        let server = try bench.accept()
        let second = try client(bench)
        try bench.settle()
        #expect(bench.inFlight == 1 && bench.doors[0].accept() == nil)
        try bench.receive(server)
        server.received = []
        server.send(ok)
        #expect(try bench.receive(first).hasSuffix("ok"))
        #expect(try bench.receive(server).hasPrefix("GET / "), "on the connection that is there")
        server.send(ok)
        #expect(try bench.receive(second).hasSuffix("ok"))
        #expect(bench.inFlight == 0)
    }

    @Test("More places are used at once by those who wait")
    func grows() throws {
        let bench = try bench(places: 1)
        let clients = try (0..<3).map { _ in try client(bench) }
        let server = try bench.accept()
        bench.plan.inFlight.setLimit(3, of: 0)
        bench.worker.serve()
        let others = [try bench.accept(), try bench.accept()]
        #expect(bench.inFlight == 3)
        withExtendedLifetime((clients, server, others)) {}
    }

    @Test("When nobody is left to wait for, those who wait are told so at once")
    func nobodyLeft() throws {
        let bench = try bench(places: 1)
        let first = try client(bench)
        let server = try bench.accept()
        let waiting = try (0..<3).map { _ in try client(bench) }
        try bench.settle()
        bench.worker.apply([.absent])
        for wire in waiting { #expect(try bench.receive(wire).hasPrefix("HTTP/1.1 503 ")) }
        try bench.receive(server)
        server.send(ok)
        #expect(try bench.receive(first).hasSuffix("ok"), "what the server has is answered")
    }

    @Test("Who waits gets a place on a server that is healthy again, though nobody else comes or is answered")
    func healthyAgain() throws {
        let bench = try Bench(servers: 2)
        for index in 0..<2 { bench.plan.inFlight.setLimit(1, of: index) }
        let suspect = Standing(tier: .suspect, share: Standing.wholeShare, isGone: false)
        bench.worker.apply([.healthy(isBackup: false), suspect])
        let first = try client(bench)
        let busy = try bench.accept(0)
        let second = try client(bench)
        try bench.settle()
        #expect(bench.inFlight == 1)
        bench.worker.apply([.healthy(isBackup: false), .healthy(isBackup: false)])
        let other = try bench.accept(1)
        try bench.receive(other)
        other.send(ok)
        #expect(try bench.receive(second).hasSuffix("ok"))
        withExtendedLifetime((first, busy)) {}
    }

    @Test("One that failed at a server and waits for the other one does not hold up those behind it")
    func failedBefore() throws {
        let bench = try Bench(servers: 2)
        for index in 0..<2 { bench.plan.inFlight.setLimit(1, of: index) }
        let clients = try (0..<2).map { _ in try client(bench) }
        let servers = try (0..<2).map { try bench.accept($0) }
        for server in servers { try bench.receive(server) }
        // The other one's server hangs from now on; both that wait are served by this one, the one that failed there too.
        servers[0].reset()
        let behind = try client(bench)
        for _ in 0..<2 {
            let next = try bench.accept(0)
            try bench.receive(next)
            next.send("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok")
            next.close()
        }
        #expect(try bench.receive(behind).hasSuffix("ok"))
        #expect(try clients.contains { try bench.receive($0).hasSuffix("ok") })
    }

    @Test(
        "After a client that waited for long has closed its side, in line or at the server, the newest goes first and who has left not at all",
        arguments: [true, false])
    func leftAfterLong(isInLine: Bool) throws {
        let bench = try bench(places: 1)
        let first = try client(bench)
        var server = try bench.accept()
        var waiting: [Wire] = []
        for number in 1...4 {
            let wire = try bench.connect()
            wire.send("GET /\(number) HTTP/1.1\r\nHost: a\r\n\r\n")
            waiting.append(wire)
            try bench.settle()
        }
        try bench.pass(.milliseconds(200))
        func next() throws -> String {
            try bench.receive(server)
            server.received = []
            server.send(ok)
            return String(try bench.receive(server).split(separator: " ").dropFirst().first ?? "")
        }
        if isInLine {
            waiting[0].finish()
            try bench.settle()
            #expect(try next() == "/4")
        } else {
            #expect(try next() == "/1")
            waiting[0].reset()
            try bench.settle()
            server.send(ok)
            server = try bench.accept()
            #expect(try bench.receive(server).hasPrefix("GET /4 "))
        }
        #expect(try next() == "/3")
        #expect(try next() == "/2")
        withExtendedLifetime(first) {}
    }

    @Test("A place that another worker freed for somebody who has left is offered to whoever waits elsewhere")
    func passedOn() throws {
        let bench = try bench(places: 1)
        let pool = PoolID(index: 0)
        bench.worker.knocked(for: pool)
        #expect(bench.reports.knocked.isEmpty)
        bench.waiting.part(of: 2, in: pool).set(1)
        bench.worker.knocked(for: pool)
        #expect(bench.reports.knocked == [2])
    }

    @Test("Who leaves the line is forgotten, and takes nobody's place")
    func leaves() throws {
        let bench = try bench(places: 1)
        let first = try client(bench)
        let server = try bench.accept()
        let second = try client(bench)
        try bench.settle()
        second.reset()
        try bench.settle()
        try bench.receive(server)
        server.send(ok)
        #expect(try bench.receive(first).hasSuffix("ok"))
        first.close()
        try bench.settle()
        bench.expectEmpty(idleUpstreams: 1)
    }

    @Test("Whose client has left keeps its place until the server answers: the server works on it")
    func abandoned() throws {
        let bench = try bench(places: 1)
        let first = try client(bench)
        let server = try bench.accept()
        try bench.receive(server)
        first.reset()
        let second = try client(bench)
        try bench.settle()
        #expect(bench.inFlight == 1 && bench.doors[0].accept() == nil, "the second waits")
        server.send(ok)
        let next = try bench.accept()
        try bench.receive(next)
        next.send(ok)
        #expect(try bench.receive(second).hasSuffix("ok"))
        #expect(bench.inFlight == 0)
    }

    @Test("And no longer than an answer may take")
    func abandonedForLong() throws {
        let bench = try bench(places: 1)
        let first = try client(bench)
        let server = try bench.accept()
        try bench.receive(server)
        first.reset()
        try bench.settle()
        #expect(bench.inFlight == 1)
        try bench.pass(.seconds(31))
        #expect(bench.inFlight == 0)
        withExtendedLifetime(server) {}
    }

    @Test("A client that reads slowly holds no place: the server has done its part")
    func slowReader() throws {
        let bench = try bench(places: 1)
        let slow = try bench.connect()
        slow.shrinkReceiveBuffer()
        slow.send(get)
        let server = try bench.accept()
        try bench.receive(server)
        server.send("HTTP/1.1 200 OK\r\nContent-Length: 100000000\r\n\r\n")
        let piece = [UInt8](repeating: 1, count: 1 << 20)
        for _ in 0..<20 where bench.inFlight > 0 {
            server.send(piece)
            try bench.settle()
        }
        #expect(bench.inFlight == 0)
        let second = try client(bench)
        let next = try bench.accept()
        try bench.receive(next)
        next.send(ok)
        #expect(try bench.receive(second).hasSuffix("ok"))
    }

    @Test("Streams of events and tunnels hold no place either")
    func streams() throws {
        for head in [
            "HTTP/1.1 200 OK\r\nContent-Type: Text/Event-Stream; charset=utf-8\r\nTransfer-Encoding: chunked\r\n\r\n",
            "HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n",
        ] {
            let bench = try bench(places: 1)
            let client = try bench.connect()
            client.send("GET / HTTP/1.1\r\nHost: a\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n")
            let server = try bench.accept()
            try bench.receive(server)
            #expect(bench.inFlight == 1)
            server.send(head)
            try bench.receive(client)
            #expect(bench.inFlight == 0)
        }
    }

    @Test("In overload who waits longer than an answer takes is told when to come back, in the log too")
    func shed() throws {
        let bench = try bench(places: 1)
        bench.worker.wait(PoolID(index: 0), atMost: .milliseconds(20))
        let first = try client(bench)
        let server = try bench.accept()
        let waiting = try (0..<9).map { _ in try client(bench) }
        try bench.settle()
        for _ in 0..<6 {
            try bench.pass(.milliseconds(190))
            try bench.receive(server)
            server.send(ok)
            try bench.settle()
        }
        #expect(try waiting.suffix(3).allSatisfy { try bench.receive($0).isEmpty }, "a burst is waited out")
        try bench.pass(.milliseconds(100))
        for wire in waiting.suffix(3) {
            let answer = try bench.receive(wire)
            #expect(answer.hasPrefix("HTTP/1.1 503 ") && answer.contains("\r\nRetry-After: "))
        }
        try bench.pass(.seconds(1))
        #expect(bench.reports.all.reduce(0) { $0 + $1.pools[0].shed } == 3)
        withExtendedLifetime((first, server)) {}
    }

    @Test("Nobody waits for longer than the deadline")
    func deadline() throws {
        let bench = try Bench(pool: ["admission: { deadline: 2s }"])
        bench.plan.inFlight.setLimit(1, of: 0)
        bench.worker.wait(PoolID(index: 0), atMost: .seconds(2))
        let first = try client(bench)
        let server = try bench.accept()
        let second = try client(bench)
        try bench.settle()
        try bench.pass(.milliseconds(1_900))
        #expect(try bench.receive(second).isEmpty)
        try bench.pass(.milliseconds(200))
        #expect(try bench.receive(second).hasPrefix("HTTP/1.1 503 "))
        withExtendedLifetime((first, server)) {}
    }

    @Test("Those that matter more get the next place, by their route or by a trusted proxy's word")
    func priorities() throws {
        let bench = try Bench(
            listener: [
                "trusted-proxies: [127.0.0.1]",
                "routes: [{ path: /pay, pool: p, priority: critical }, { pool: p }]",
            ],
            pool: ["admission: { priority-header: Bookend-Priority }"])
        bench.plan.inFlight.setLimit(1, of: 0)
        let first = try client(bench)
        let server = try bench.accept()
        func ask(_ path: String, _ fields: String) throws -> Wire {
            let wire = try bench.connect()
            wire.send("GET \(path) HTTP/1.1\r\nHost: a\r\n\(fields)\r\n")
            try bench.settle()
            return wire
        }
        let clients = [
            try ask("/low", "bookend-priority: BackGround\r\n"), try ask("/odd", "Bookend-Priority: urgent\r\n"),
            try ask("/pay/1", ""),
            try ask("/two", "Bookend-Priority: critical\r\nBookend-Priority: background\r\n"),
            try ask("/high", "Bookend-Priority: critical\r\n"),
        ]
        var order: [String] = []
        for _ in 0...clients.count {
            server.received = []
            try bench.receive(server)
            order.append(String(server.text.split(separator: " ").dropFirst().first ?? ""))
            server.send(ok)
        }
        #expect(order == ["/", "/pay/1", "/high", "/odd", "/two", "/low"])
        try bench.pass(.seconds(1))
        #expect(bench.reports.all.reduce(0) { $0 + $1.pools[0].unknownPriorities } == 2)
        withExtendedLifetime((first, clients)) {}
    }

    @Test("A stranger gains nothing by the field, and no server sees it; a trusted proxy's goes on as it came")
    func strangers() throws {
        for (trusted, isTrusted) in [("127.0.0.1", true), ("127.0.0.9", false)] {
            let bench = try Bench(
                listener: ["trusted-proxies: [\(trusted)]"],
                pool: ["admission: { priority-header: Bookend-Priority }"])
            bench.plan.inFlight.setLimit(1, of: 0)
            let first = try client(bench)
            let server = try bench.accept()
            try bench.receive(server)
            let plain = try bench.connect()
            plain.send("GET /plain HTTP/1.1\r\nHost: a\r\n\r\n")
            try bench.settle()
            let claimed = try bench.connect()
            claimed.send("GET /claimed HTTP/1.1\r\nHost: a\r\nBookend-Priority: Critical\r\nX-A: 1\r\n\r\n")
            try bench.settle()
            server.received = []
            server.send(ok)
            #expect(try bench.receive(server).hasPrefix(isTrusted ? "GET /claimed " : "GET /plain "))
            let seen = server.text
            server.send(ok)
            let both = seen + (try bench.receive(server))
            #expect(both.contains("\r\nBookend-Priority: Critical\r\n") == isTrusted && both.contains("X-A: 1"))
            withExtendedLifetime((first, plain, claimed)) {}
        }
    }

    @Test("When too many wait, one that matters less makes room, and is told so")
    func room() throws {
        let bench = try Bench(
            listener: ["routes: [{ path: /pay, pool: p, priority: critical }, { pool: p }]"],
            pool: ["admission: { queue: 1 }"])
        bench.plan.inFlight.setLimit(1, of: 0)
        let first = try client(bench)
        let server = try bench.accept()
        let waiting = try client(bench)
        try bench.settle()
        let other = try client(bench)
        #expect(try bench.receive(other).hasPrefix("HTTP/1.1 503 "))
        let critical = try bench.connect()
        critical.send("GET /pay HTTP/1.1\r\nHost: a\r\n\r\n")
        #expect(try bench.receive(critical).isEmpty)
        #expect(try bench.receive(waiting).hasPrefix("HTTP/1.1 503 "))
        try bench.pass(.seconds(1))
        #expect(bench.reports.all.reduce(0) { $0 + $1.pools[0].shedByReason[Int(Shed.full.rawValue)] } == 2)
        withExtendedLifetime((first, server)) {}
    }

    @Test("Who sends more than its share is told so with 429, before its body is read")
    func flood() throws {
        let bench = try bench(places: 1)
        bench.worker.wait(PoolID(index: 0), atMost: .milliseconds(200))
        let first = try client(bench)
        var server = try bench.accept()
        var waiting: [Wire] = []
        var answers: [String: Int] = [:]
        // A tenth of them is answered. Two seconds to see that it is overload, and one to count.
        for number in 0..<450 {
            if number % 10 == 9 {
                server.send(ok)
                try bench.settle()
                if let next = bench.doors[0].accept() { server = next }
            }
            let wire = try bench.connect()
            wire.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1000000\r\n\r\n")
            waiting.append(wire)
            try bench.pass(.milliseconds(10))
            for wire in waiting where wire.receive() > 0 {
                answers[String(wire.text.prefix(12)), default: 0] += 1
                if wire.text.hasPrefix("HTTP/1.1 429") {
                    #expect(wire.text.contains("\r\nRetry-After: ") && wire.text.contains("\r\nConnection: close\r\n"))
                }
                wire.close()
            }
            waiting.removeAll { $0.isClosed }
        }
        #expect(answers["HTTP/1.1 429", default: 0] > 50, "\(answers)")
        withExtendedLifetime((first, server)) {}
    }
}
