import BookendCore
import BookendLoop
import ScriptedKernel
import Testing

@testable import BookendProxy

@Suite("When a server fails")
struct FailoverTests {
    private let get = "GET / HTTP/1.1\r\nHost: a\r\n\r\n"
    private let ok = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"

    private func standing(_ tier: Standing.Tier, isGone: Bool = false) -> Standing {
        Standing(tier: tier, share: Standing.wholeShare, isGone: isGone)
    }

    /// The server that has the request, and the other one.
    private func acceptAny(_ bench: Bench) throws -> (Wire, Int) {
        try bench.settle()
        for _ in 0..<100 {
            for index in bench.doors.indices {
                if let wire = bench.doors[index].accept() { return (wire, index) }
            }
            try bench.settle()
        }
        throw Errno.timedOut
    }

    @Test("A request without a body that dies with its server is answered by another, and the loss is told")
    func resetMoves() throws {
        let bench = try Bench(servers: 2)
        let client = try bench.connect()
        client.send(get)
        let (first, index) = try acceptAny(bench)
        try bench.receive(first)
        first.reset()
        let second = try bench.accept(1 - index)
        try bench.receive(second)
        second.send(ok)
        #expect(try bench.receive(client).hasSuffix("ok"))
        #expect(bench.reports.lost.map(\.server.index) == [index] && bench.reports.lost.map(\.loss) == [.reset])
        #expect(bench.signs(index).spoiled == 1 && bench.signs(1 - index).answered == 1)
        #expect(bench.inFlight == 0)
    }

    @Test("A POST that died with its server is not sent again")
    func postStays() throws {
        let bench = try Bench(servers: 2)
        let client = try bench.connect()
        client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nhi")
        let (first, index) = try acceptAny(bench)
        try bench.receive(first)
        first.reset()
        #expect(try bench.receive(client).hasPrefix("HTTP/1.1 502 "))
        #expect(bench.doors[1 - index].accept() == nil)
    }

    @Test("Retries end with their budget: servers that all fail do not get twice the load")
    func budget() throws {
        let bench = try Bench(servers: 2, pool: ["retries: { budget: 0% }"])
        let client = try bench.connect()
        client.send(get)
        let (first, _) = try acceptAny(bench)
        try bench.receive(first)
        first.reset()
        #expect(try bench.receive(client).hasPrefix("HTTP/1.1 502 "))
    }

    @Test("A thousand lost connections are told once, until the verdicts change")
    func toldOnce() throws {
        let bench = try Bench(servers: 2)
        for _ in 0..<3 { bench.worker.lost(ServerID(index: 0), .refused) }
        #expect(bench.reports.lost.count == 1)
        bench.worker.apply([standing(.suspect), standing(.serving)])
        bench.worker.lost(ServerID(index: 0), .refused)
        #expect(bench.reports.lost.count == 2)
    }

    @Test("When a server is gone, what waits there and can be sent twice moves; a POST waits on")
    func gone() throws {
        let bench = try Bench(servers: 2)
        bench.worker.apply([standing(.serving), standing(.suspect)])
        let (reader, writer) = (try bench.connect(), try bench.connect())
        reader.send(get)
        let first = try bench.accept(0)
        writer.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nhi")
        let second = try bench.accept(0)
        try bench.receive(first)
        try bench.receive(second)
        bench.worker.apply([standing(.out, isGone: true), standing(.serving)])
        let moved = try bench.accept(1)
        #expect(try bench.receive(moved).hasPrefix("GET "))
        moved.send(ok)
        #expect(try bench.receive(reader).hasSuffix("ok"))
        second.send(ok)
        #expect(try bench.receive(writer).hasSuffix("ok"), "it came back after all")
    }

    @Test("A suspect keeps what it has and gets nothing new")
    func suspect() throws {
        let bench = try Bench(servers: 2)
        bench.worker.apply([standing(.serving), standing(.suspect)])
        let client = try bench.connect()
        for _ in 0..<4 {
            client.send(get)
            let server = try? bench.accept(0)
            if let server {
                try bench.receive(server)
                server.send("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok")
                try bench.receive(client)
            }
        }
        #expect(bench.signs(0).answered == 4 && bench.signs(1) == Signs())
    }

    @Test("An idle connection to a server that is gone is closed")
    func idle() throws {
        let bench = try Bench(servers: 2)
        bench.worker.apply([standing(.serving), standing(.suspect)])
        let client = try bench.connect()
        client.send(get)
        let server = try bench.accept(0)
        try bench.receive(server)
        server.send(ok)
        try bench.receive(client)
        #expect(!server.hasEnded)
        bench.worker.apply([standing(.out, isGone: true), standing(.serving)])
        try bench.receive(server)
        #expect(server.hasEnded)
    }

    @Test("A trial that is answered with 500 is not seen by the client")
    func trial() throws {
        let bench = try Bench(servers: 2)
        bench.worker.apply([standing(.serving), standing(.suspect)])
        bench.worker.tryOut(ServerID(index: 1))
        let client = try bench.connect()
        client.send(get)
        let suspect = try bench.accept(1)
        try bench.receive(suspect)
        suspect.send("HTTP/1.1 500 Broken\r\nContent-Length: 0\r\n\r\n")
        let other = try bench.accept(0)
        try bench.receive(other)
        other.send(ok)
        #expect(try bench.receive(client).hasSuffix("ok"))
        #expect(bench.signs(1).failed == 1)
    }

    @Test("With nobody else to ask, the answer to a trial is the server's own")
    func trialOfTheOnlyOne() throws {
        let bench = try Bench(servers: 1)
        bench.worker.tryOut(ServerID(index: 0))
        let client = try bench.connect()
        client.send(get)
        let server = try bench.accept(0)
        try bench.receive(server)
        server.send("HTTP/1.1 500 Broken\r\nContent-Length: 0\r\n\r\n")
        #expect(try bench.receive(client).hasPrefix("HTTP/1.1 500 Broken"))
    }

    @Test("A request that has had its tries waits for the server it is at")
    func lastTry() throws {
        let bench = try Bench(servers: 2, pool: ["retries: { tries: 1 }"])
        bench.worker.apply([standing(.serving), standing(.suspect)])
        let client = try bench.connect()
        client.send(get)
        let server = try bench.accept(0)
        try bench.receive(server)
        bench.worker.apply([standing(.out, isGone: true), standing(.serving)])
        #expect(try bench.receive(client) == "")
        server.send(ok)
        #expect(try bench.receive(client).hasSuffix("ok"))
    }

    @Test("A request that moved has its time anew")
    func movedDeadline() throws {
        let bench = try Bench(servers: 2, pool: ["timeouts: { response: 3s }"])
        var kept: [Wire] = []
        // Both servers get a connection that is kept.
        for index in 0..<2 {
            let tiers: [Standing.Tier] = index == 0 ? [.serving, .suspect] : [.suspect, .serving]
            bench.worker.apply(tiers.map { standing($0) })
            let client = try bench.connect()
            client.send(get)
            let server = try bench.accept(index)
            try bench.receive(server)
            server.send(ok)
            try bench.receive(client)
            kept.append(server)
        }
        bench.worker.apply([standing(.serving), standing(.suspect)])
        let client = try bench.connect()
        client.send(get)
        kept[0].received.removeAll()
        #expect(try bench.receive(kept[0]).hasPrefix("GET "))
        try bench.pass(.milliseconds(2_500))
        bench.worker.apply([standing(.out, isGone: true), standing(.serving)])
        kept[1].received.removeAll()
        #expect(try bench.receive(kept[1]).hasPrefix("GET "))
        try bench.pass(.milliseconds(1_500))
        kept[1].send(ok)
        #expect(try bench.receive(client).hasSuffix("ok"))
    }

    @Test("A response that is cut off is counted as spoiled, a tunnel or a download as nothing that is awaited")
    func signs() throws {
        let bench = try Bench(servers: 1)
        let client = try bench.connect()
        client.send(get)
        let server = try bench.accept(0)
        try bench.receive(server)
        #expect(bench.signs(0).awaited == 1)
        server.send("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf")
        try bench.receive(client)
        #expect(bench.signs(0).awaited == 0 && bench.signs(0).answered == 1 && bench.signs(0).whole == 0)
        server.close()
        try bench.receive(client)
        #expect(bench.signs(0).spoiled == 1 && bench.signs(0).whole == 0)
    }
}
