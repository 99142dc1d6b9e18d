import BookendCore
import BookendLoop
import ScriptedKernel
import Testing

@testable import BookendProxy

@Suite("Every wait has an end")
struct DeadlineTests {
    private let get = "GET / HTTP/1.1\r\nHost: a\r\n\r\n"

    @Test("A head that does not come in time is 408, and the connection ends")
    func head() throws {
        let bench = try Bench(listener: ["timeouts: { head: 3s }"])
        let client = try bench.connect()
        client.send("GET / HTTP/1.1\r\nHost:")
        try bench.settle()
        try bench.pass(.seconds(2))
        #expect(try bench.receive(client) == "")
        try bench.pass(.seconds(2))
        #expect(try bench.receive(client).hasPrefix("HTTP/1.1 408 "))
        #expect(client.text.contains("Connection: close\r\n"))
        try bench.pass(.seconds(6))
        #expect(client.hasEnded)
        bench.expectEmpty()
    }

    @Test("Bytes that drip in do not move a head's deadline")
    func drippingHead() throws {
        let bench = try Bench(listener: ["timeouts: { head: 3s }"])
        let client = try bench.connect()
        for byte in "GET / H" {
            client.send("\(byte)")
            try bench.pass(.milliseconds(500))
        }
        #expect(try bench.receive(client).hasPrefix("HTTP/1.1 408 "))
    }

    @Test("A connection that is idle for too long is closed without a word")
    func idle() throws {
        let bench = try Bench(listener: ["timeouts: { idle: 3s }"])
        let client = try bench.connect()
        try bench.pass(.seconds(4))
        #expect(try bench.receive(client) == "" && client.hasEnded)
        bench.expectEmpty()
    }

    @Test("A body that stops is 408")
    func body() throws {
        let bench = try Bench(listener: ["timeouts: { body: 3s }"])
        let client = try bench.connect()
        client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nab")
        let server = try bench.accept()
        try bench.pass(.seconds(2))
        client.send("c")
        try bench.pass(.seconds(2))
        #expect(try bench.receive(client) == "", "what moves is not late")
        try bench.pass(.seconds(2))
        #expect(try bench.receive(client).hasPrefix("HTTP/1.1 408 "))
        #expect(try bench.receive(server).hasSuffix("abc") && server.hasEnded)
        try bench.pass(.seconds(6))
        bench.expectEmpty()
    }

    @Test("A server that does not answer in time is 504, and its connection is not used again")
    func response() throws {
        let bench = try Bench(pool: ["timeouts: { response: 3s }"])
        let client = try bench.connect()
        client.send(get)
        let server = try bench.accept()
        try bench.pass(.seconds(2))
        #expect(try bench.receive(client) == "")
        #expect(bench.inFlight == 1)
        try bench.pass(.seconds(2))
        #expect(try bench.receive(client).hasPrefix("HTTP/1.1 504 "))
        try bench.receive(server)
        #expect(server.hasEnded && bench.inFlight == 0)
    }

    @Test("A response that stops in the middle is cut off, so that the client sees what is missing")
    func responseBody() throws {
        let bench = try Bench(pool: ["timeouts: { response: 3s }"])
        let client = try bench.connect()
        client.send(get)
        let server = try bench.accept()
        server.send("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nab")
        try bench.pass(.seconds(4))
        #expect(try bench.receive(client).hasSuffix("\r\n\r\nab") && client.isOver)
        try bench.receive(server)
        #expect(server.hasEnded)
        bench.expectEmpty()
    }

    @Test("A client that takes nothing is cut off, and its server is free")
    func slowClient() throws {
        let bench = try Bench(listener: ["timeouts: { body: 3s }"])
        let client = try bench.connect()
        client.send(get)
        let server = try bench.accept()
        var rest = Array("HTTP/1.1 200 OK\r\nContent-Length: 30000000\r\n\r\n".utf8)[...]
        rest += [UInt8](repeating: 7, count: 30_000_000)
        var stalled = 0
        while stalled < 5 {
            let count = server.send(rest.prefix(1 << 18))
            stalled = count == 0 ? stalled + 1 : 0
            rest = rest.dropFirst(count)
            try bench.settle()
        }
        #expect(!rest.isEmpty, "the worker takes no more than a buffer")
        #expect(bench.loop.buffers.bytesInUse <= 2 * 65_536)
        try bench.pass(.seconds(4))
        try bench.receive(server)
        #expect(server.isOver)
        bench.expectEmpty()
    }

    @Test("A server that cannot be reached in time is left for the next; when none is left it is 504")
    func connect() throws {
        let bench = try Bench(servers: 3, pool: ["timeouts: { connect: 2s }", "retries: { tries: 2 }"])
        bench.kernel.waitsBeforeConnectResult = 1_000_000
        let client = try bench.connect()
        client.send(get)
        try bench.settle()
        #expect(bench.inFlight == 1)
        try bench.pass(.seconds(3))
        #expect(try bench.receive(client) == "")
        #expect(bench.inFlight == 1, "another server is tried")
        try bench.pass(.seconds(3))
        #expect(try bench.receive(client).hasPrefix("HTTP/1.1 504 "))
        #expect(bench.inFlight == 0)
    }

    @Test("A server that takes nothing of a request is 504")
    func serverWrite() throws {
        let bench = try Bench(pool: ["timeouts: { response: 3s }"])
        let client = try bench.connect()
        client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 30000000\r\n\r\n")
        let server = try bench.accept()
        var stalled = 0
        while stalled < 5 {
            stalled = client.send([UInt8](repeating: 7, count: 1 << 18)) == 0 ? stalled + 1 : 0
            try bench.settle()
        }
        #expect(bench.loop.buffers.bytesInUse <= 2 * 65_536)
        try bench.pass(.seconds(4))
        #expect(try bench.receive(client).hasPrefix("HTTP/1.1 504 "))
        #expect(client.text.contains("Connection: close\r\n"))
        server.close()
    }

    @Test("A tunnel that is silent in both directions ends; one that is not goes on")
    func tunnel() throws {
        let bench = try Bench()
        let client = try bench.connect()
        client.send("GET / HTTP/1.1\r\nHost: a\r\nConnection: upgrade\r\nUpgrade: websocket\r\n\r\n")
        let server = try bench.accept()
        server.send("HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: websocket\r\n\r\n")
        try bench.pass(.seconds(3_000))
        server.send("x")
        try bench.pass(.seconds(3_000))
        #expect(try bench.receive(client).hasSuffix("\r\n\r\nx") && !client.isOver)
        try bench.pass(.seconds(700))
        try bench.receive(client)
        #expect(client.isOver)
        bench.expectEmpty()
    }

    @Test("An idle connection to a server is closed when its time is over, and not before")
    func idleUpstream() throws {
        let bench = try Bench(pool: ["timeouts: { idle: 3s }"])
        let client = try bench.connect()
        client.send(get)
        let server = try bench.accept()
        server.send("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
        try bench.receive(client)
        client.close()
        try bench.pass(.seconds(2))
        bench.expectEmpty(idleUpstreams: 1)
        try bench.pass(.seconds(2))
        bench.expectEmpty()
    }
}
