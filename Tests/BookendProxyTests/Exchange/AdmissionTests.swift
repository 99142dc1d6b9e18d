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
        let waiting = try (0..<8).map { _ in try client(bench) }
        try bench.settle()
        for _ in 0..<5 {
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
        #expect(bench.reports.all.reduce(0) { $0 + $1.shed[0] } == 3)
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
}
