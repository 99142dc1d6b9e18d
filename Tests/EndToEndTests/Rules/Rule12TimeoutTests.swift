import Glibc
import Testing

@Suite("Rule 12: every wait has an end")
struct Rule12TimeoutTests {
    @Test("A head that does not come whole in time is 408 and the end, however steadily it drips")
    func head() async throws {
        try await Stage.run { stage in
            let bookend = try stage.bookend([try stage.origin()], listener: ["timeouts: { head: 300ms }"])
            let client = try bookend.connect()
            try client.send("GET / HTTP/1.1\r\n")
            let began = secondsNow()
            while client.isSilent(for: 0.05) { try client.send("X: y\r\n") }
            #expect(try client.response().status == 408)
            #expect(client.isClosed() && secondsNow() - began < 5)
        }
    }

    @Test("A body that stops coming is 408, and the server is left")
    func body() async throws {
        try await Stage.run { stage in
            let origin = try stage.origin()
            let bookend = try stage.bookend([origin], listener: ["timeouts: { body: 200ms }"])
            let client = try bookend.connect()
            try client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nhalf")
            #expect(try client.response().status == 408)
            #expect(client.isClosed())
            try eventually("the server's connection is closed") { origin.openConnections == 0 }
        }
    }

    @Test("A body that comes slowly but steadily takes as long as it takes")
    func slowBody() async throws {
        try await Stage.run { stage in
            let origin = try stage.origin()
            let bookend = try stage.bookend([origin], listener: ["timeouts: { body: 500ms }"])
            let client = try bookend.connect()
            try client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\n")
            for _ in 0..<10 {
                #expect(client.isSilent(for: 0.1))
                try client.send("x")
            }
            #expect(try client.response().status == 200)
        }
    }

    @Test("A server that does not answer in time is answered for with 504 and left")
    func response() async throws {
        try await Stage.run { stage in
            let origin = try stage.silentOrigin()
            let bookend = try stage.bookend([origin], pool: ["timeouts: { response: 200ms }"])
            let response = try bookend.ask()
            #expect(response.status == 504 && response["content-type"] == "application/problem+json")
            try eventually("the server's connection is closed") { origin.openConnections == 0 }
            try eventually("it counts as an error") { try bookend.status().servers[0].errors == 1 }
        }
    }

    @Test("A response that stops coming is cut off, so that its missing end is seen")
    func responseBody() async throws {
        try await Stage.run { stage in
            let origin = try stage.origin { connection in
                try connection.request()
                try connection.send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf")
                _ = try connection.wire.rest()
            }
            let bookend = try stage.bookend([origin], pool: ["timeouts: { response: 200ms }"])
            #expect(try stage.curl([bookend.url]).code == 18)
        }
    }

    @Test("An idle connection is closed after the idle time, before and between requests")
    func idle() async throws {
        try await Stage.run { stage in
            let bookend = try stage.bookend([try stage.origin()], listener: ["timeouts: { idle: 200ms }"])
            let fresh = try bookend.connect()
            let used = try bookend.connect()
            try used.send(get())
            #expect(try used.response().status == 200)
            #expect(fresh.isClosed() && used.isClosed())
        }
    }

    @Test("Idle connections to servers are closed after the pool's idle time")
    func idleUpstream() async throws {
        try await Stage.run { stage in
            let origin = try stage.origin()
            let bookend = try stage.bookend([origin], pool: ["timeouts: { idle: 100ms }"])
            #expect(try bookend.ask().status == 200)
            #expect(origin.connectionCount == 1)
            try eventually("the kept connection is closed") { origin.openConnections == 0 }
        }
    }

    @Test("A server that takes no connection in time is answered for with 504")
    func connect() async throws {
        try await Stage.run { stage in
            let full = try Full(stage)
            let bookend = try stage.bookend(
                addresses: ["a: 127.0.0.1:\(full.port)"], pool: ["timeouts: { connect: 200ms }"])
            let began = secondsNow()
            #expect(try bookend.ask().status == 504)
            #expect(secondsNow() - began < 5)
        }
    }

    @Test("A server that takes no connection in time is passed over for another, with any method")
    func connectElsewhere() async throws {
        try await Stage.run { stage in
            let full = try Full(stage)
            let other = try stage.origin("other")
            let bookend = try stage.bookend(
                addresses: ["full: 127.0.0.1:\(full.port)", "other: \(other.address)"],
                pool: ["timeouts: { connect: 100ms }"])
            for _ in 0..<4 {
                let client = try bookend.connect()
                try client.send(post("/", "book"))
                #expect(try client.response().text == "other")
            }
        }
    }

    @Test("A client that stops reading is cut off after the body time, and the server is left")
    func stalledReader() async throws {
        try await Stage.run { stage in
            let origin = try stage.origin { connection in
                try connection.request()
                try connection.send("HTTP/1.1 200 OK\r\nContent-Length: 1000000000\r\n\r\n")
                while true { try connection.wire.send([UInt8](repeating: 1, count: 65_536)) }
            }
            let bookend = try stage.bookend([origin], listener: ["timeouts: { body: 300ms }"])
            let client = try bookend.connect(receiveBuffer: 4_096)
            try client.send(get())
            try eventually("the server's connection is closed") {
                origin.connectionCount == 1 && origin.openConnections == 0
            }
            try bookend.settles()
        }
    }
}

/// A listener whose queue is full: the kernel drops every further attempt to connect.
private struct Full {
    let port: UInt16

    init(_ stage: Stage) throws {
        let (listener, port) = try Socket.listening(backlog: 0)
        self.port = port
        stage.atEnd { close(listener) }
        for _ in 0..<4 {
            let raw = try Socket.stream()
            _ = fcntl(raw, F_SETFL, O_NONBLOCK)
            _ = Address("127.0.0.1", port).with { Glibc.connect(raw, $0, $1) }
            stage.atEnd { close(raw) }
        }
    }
}
