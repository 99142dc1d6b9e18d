import BookendConfig
import BookendCore
import BookendLoop
import Testing

@testable import BookendProxy

@Suite("A worker's configuration changes")
struct ChangeTests {
    private let get = "GET / HTTP/1.1\r\nHost: a\r\n\r\n"
    private let ok = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"

    /// With these servers, by their number among the bench's, and these routes.
    private func change(
        _ bench: Bench, to servers: [Int], routes: String? = nil,
        listeners: [WorkerChange.Source] = [.kept(0)],
        named name: String = "p", pool: String = "{}", vacant: Vacancies = Vacancies(workers: 1)
    ) throws {
        let lines = servers.map { "s\($0): 127.0.0.1:\(bench.doors[$0].address.port)" }.joined(separator: ", ")
        let routes = routes ?? "[{ pool: \(name) }]"
        let binds = listeners.map { _ in "{ bind: 127.0.0.1:0, routes: \(routes) }" }.joined(separator: ", ")
        let settings = pool == "{}" ? "" : "\(pool), "
        let text = """
            access-log: off
            listeners: [\(binds.isEmpty ? "{ bind: 127.0.0.1:0, pool: p }" : binds)]
            pools: { \(name): { \(settings)servers: { \(lines) } } }

            """
        let read = Configuration.parse(text: text, file: "test", environment: [:], isRoot: false)
        let plan = try Plan(
            try #require(read.configuration, "\(read.diagnostics)"), after: bench.worker.plan, vacant: vacant)
        let standings = plan.servers.map { $0.hasLeft ? Standing.absent : .healthy(isBackup: false) }
        try bench.worker.change(WorkerChange(plan: plan, standings: standings, listeners: listeners, log: .none))
    }

    private func vacated(_ bench: Bench) -> [Int] {
        bench.reports.all.flatMap { $0.vacatedServers.map(\.index) }
    }

    @Test("What is in flight on a server that leaves ends there; nothing new comes, and then its number is free")
    func leaves() throws {
        let bench = try Bench(servers: 2)
        let client = try bench.connect()
        client.send(get)
        let server = try bench.accept(0)
        try bench.receive(server)
        try change(bench, to: [1])
        let other = try bench.connect()
        other.send(get)
        let next = try bench.accept(1)
        try bench.receive(next)
        next.send(ok)
        #expect(try bench.receive(other).hasSuffix("ok"))
        try bench.pass(.seconds(2))
        #expect(vacated(bench).isEmpty && bench.plan.inFlight.value(0) == 1)
        server.send(ok)
        #expect(try bench.receive(client).hasSuffix("ok"))
        try bench.pass(.seconds(1))
        #expect(vacated(bench) == [0])
        #expect(bench.doors[0].accept() == nil, "a connection to a server that left")
        try bench.receive(server)
        #expect(server.isOver, "no idle connection to it is kept")
    }

    @Test("What does not end on a server that left is cut off after five minutes, and not before")
    func bounded() throws {
        let bench = try Bench(servers: 2, pool: ["timeouts: { response: 24h }"])
        let client = try bench.connect()
        client.send(get)
        let server = try bench.accept(0)
        try bench.receive(server)
        server.send("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nab")
        try bench.receive(client)
        try change(bench, to: [1], pool: "timeouts: { response: 24h }")
        try bench.pass(.seconds(298))
        #expect(!client.isOver && vacated(bench).isEmpty)
        try bench.pass(.seconds(4))
        try bench.receive(client)
        #expect(client.isOver && vacated(bench) == [0])
    }

    @Test("A connection that stays follows the new routes from its next request on")
    func routes() throws {
        let bench = try Bench(servers: 1)
        let client = try bench.connect()
        client.send(get)
        let server = try bench.accept()
        try bench.receive(server)
        try change(bench, to: [0], routes: "[{ path: /only, pool: p }]")
        server.send(ok)
        #expect(try bench.receive(client).hasSuffix("ok"))
        client.received = []
        client.send(get)
        #expect(try bench.receive(client).hasPrefix("HTTP/1.1 404 "))
        client.received = []
        client.send(get.replacing("GET /", with: "GET /only"))
        try bench.receive(server)
        server.send(ok)
        #expect(try bench.receive(client).hasSuffix("ok"))
    }

    @Test("A listener that leaves takes nobody any more, and whoever is there gets the answer and then the end")
    func listener() throws {
        let bench = try Bench(servers: 1)
        let busy = try bench.connect()
        busy.send(get)
        let server = try bench.accept()
        try bench.receive(server)
        let socket = try ListeningSocket.group(.loopback, count: 1)[0]
        let address = ListeningSocket.local(socket)
        try change(bench, to: [0], listeners: [.socket(socket)])
        server.send(ok)
        #expect(try bench.receive(busy).hasSuffix("ok"))
        #expect(busy.text.contains("Connection: close") && busy.isOver)
        #expect(throws: (any Error).self) {
            let late = try bench.connect()
            late.send(get)
            try bench.receive(late)
            if late.isOver { throw Errno.connectionRefused }
        }
        let fresh = try Wire.connect(to: address)
        fresh.send(get)
        try bench.receive(server)
        server.send(ok)
        #expect(try bench.receive(fresh).hasSuffix("ok"))
    }

    @Test("Who waits for a place when the pool changes waits on, and is served by the new servers")
    func waiting() throws {
        let bench = try Bench(servers: 2)
        try change(bench, to: [0])
        bench.plan.inFlight.setLimit(1, of: 0)
        let first = try bench.connect()
        first.send(get)
        let busy = try bench.accept(0)
        let second = try bench.connect()
        second.send(get)
        try bench.settle()
        #expect(bench.worker.lines[0].isEmpty == false)
        try change(bench, to: [0, 1])
        bench.worker.serve()
        let server = try bench.accept(1)
        try bench.receive(server)
        server.send(ok)
        #expect(try bench.receive(second).hasSuffix("ok"))
        withExtendedLifetime((first, busy)) {}
    }

    @Test("A pool that leaves still serves whoever waits in its line, and then its numbers are free")
    func poolLeaves() throws {
        let bench = try Bench(servers: 2)
        bench.plan.inFlight.setLimit(1, of: 0)
        bench.plan.inFlight.setLimit(0, of: 1)
        let first = try bench.connect()
        first.send(get)
        let server = try bench.accept(0)
        try bench.receive(server)
        let second = try bench.connect()
        second.send(get)
        try bench.settle()
        #expect(!bench.worker.lines[0].isEmpty)
        try change(bench, to: [1], named: "q")
        let third = try bench.connect()
        third.send(get)
        let other = try bench.accept(1)
        try bench.receive(other)
        other.send(ok)
        #expect(try bench.receive(third).hasSuffix("ok"), "new requests go to the new pool")
        server.received = []
        server.send(ok)
        #expect(try bench.receive(first).hasSuffix("ok"))
        #expect(try bench.receive(server).hasPrefix("GET / "))
        server.send(ok)
        #expect(try bench.receive(second).hasSuffix("ok"))
        try bench.pass(.seconds(1))
        #expect(Set(vacated(bench)) == [0, 1])
        #expect(bench.reports.all.flatMap(\.vacatedPools) == [PoolID(index: 0)])
    }

    @Test("A worker that drains takes in nobody by a new listener, and follows the rest")
    func draining() throws {
        let bench = try Bench(servers: 2)
        let client = try bench.connect()
        client.send(get)
        let server = try bench.accept(0)
        try bench.receive(server)
        bench.worker.drain {}
        let socket = try ListeningSocket.group(.loopback, count: 1)[0]
        let address = ListeningSocket.local(socket)
        try change(bench, to: [0, 1], listeners: [.kept(0), .socket(socket)])
        bench.worker.apply(bench.worker.plan.servers.map { _ in .healthy(isBackup: false) })
        server.send(ok)
        #expect(try bench.receive(client).hasSuffix("ok") && client.isOver)
        let late = try? Wire.connect(to: address)
        late?.send(get)
        #expect(try late.map { try bench.receive($0) } ?? "" == "")
    }

    @Test("A thousand servers come and go under their numbers, and the worker keeps nothing of them")
    func thousand() throws {
        let bench = try Bench(servers: 2)
        var vacancies = Vacancies(workers: 1)
        var seen = 0
        for turn in 0..<1_000 {
            try change(bench, to: [turn % 2], vacant: vacancies)
            vacancies.give(bench.worker.plan)
            let client = try bench.connect()
            client.send(get)
            let server = try bench.accept(turn % 2)
            try bench.receive(server)
            server.send(ok)
            #expect(try bench.receive(client).hasSuffix("ok"))
            client.close()
            try bench.pass(.milliseconds(300))
            for report in bench.reports.all[seen...] { vacancies.take(report) }
            seen = bench.reports.all.count
        }
        #expect(bench.worker.plan.servers.count <= 4)
        bench.expectEmpty(idleUpstreams: 1)
    }
}
