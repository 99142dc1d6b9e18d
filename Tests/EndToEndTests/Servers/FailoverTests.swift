import Glibc
import Testing

@Suite("Servers that cannot be reached")
struct FailoverTests {
    @Test("A server that refuses connections costs no request, with any method and body")
    func refused() async throws {
        try await Stage.run { stage in
            let dead = try Socket.deadPort(stage)
            let alive = try stage.origin("alive")
            let bookend = try stage.bookend(addresses: ["dead: 127.0.0.1:\(dead)", "alive: \(alive.address)"])
            for method in ["GET", "POST", "PUT", "PATCH", "DELETE", "BOOK"] {
                for _ in 0..<2 {
                    let client = try bookend.connect()
                    try client.send("\(method) / HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\nbook")
                    #expect(try client.response().text == "alive")
                }
            }
            #expect(alive.requests.allSatisfy { $0.body == Array("book".utf8) })
            try eventually("the failures are counted") {
                let status = try bookend.status()
                return status.servers[0].connectFailures > 0 && status.servers[1].requests == 12
            }
        }
    }

    @Test("A backup serves only while no primary can be reached, however many are down")
    func backup() async throws {
        try await Stage.run { stage in
            let primary = try stage.origin("primary")
            let backup = try stage.origin("backup")
            let healthy = try stage.bookend(
                addresses: ["p: \(primary.address)", "b: { address: \(backup.address), backup: true }"])
            for _ in 0..<20 { #expect(try healthy.ask().text == "primary") }
            #expect(backup.connectionCount == 0)
        }
        for primaries in 1...4 {
            try await Stage.run { stage in
                let backup = try stage.origin("backup")
                let dead = try (0..<primaries).map { "p\($0): 127.0.0.1:\(try Socket.deadPort(stage))" }
                let bookend = try stage.bookend(addresses: dead + ["b: { address: \(backup.address), backup: true }"])
                for _ in 0..<5 { #expect(try bookend.ask().text == "backup", "with \(primaries) primaries down") }
            }
        }
    }

    @Test("With several servers down, the one that is left serves every request")
    func lastOneStanding() async throws {
        try await Stage.run { stage in
            let alive = try stage.origin("alive")
            let dead = try (0..<4).map { "d\($0): 127.0.0.1:\(try Socket.deadPort(stage))" }
            let bookend = try stage.bookend(addresses: dead + ["alive: \(alive.address)"])
            for _ in 0..<20 { #expect(try bookend.ask().text == "alive") }
        }
    }

    @Test("With all down the client is told so: 502 with a problem document, in good time, and the connection lives on")
    func allDown() async throws {
        try await Stage.run { stage in
            let dead = try (0..<3).map { "d\($0): 127.0.0.1:\(try Socket.deadPort(stage))" }
            let bookend = try stage.bookend(addresses: dead)
            let client = try bookend.connect()
            let began = secondsNow()
            for _ in 0..<5 {
                try client.send(get())
                let response = try client.response()
                #expect(response.status == 502 && response["content-type"] == "application/problem+json")
            }
            #expect(secondsNow() - began < 2)
            try bookend.settles()
        }
    }

    @Test("A server that goes down is answered for with 502")
    func goesDown() async throws {
        try await Stage.run { stage in
            let nginx = try stage.nginx()
            let bookend = try stage.bookend(addresses: ["a: \(nginx.address)"])
            #expect(try bookend.ask("GET", "/echo").status == 200)
            nginx.program.send(SIGTERM)
            _ = try nginx.program.exitCode()
            try eventually("it is down") { try bookend.ask("GET", "/echo").status == 502 }
        }
    }

    @Test("A server named by a host name is found", arguments: ["localhost"])
    func named(host: String) async throws {
        try await Stage.run { stage in
            let origin = try stage.origin()
            let bookend = try stage.bookend(addresses: ["a: \(host):\(origin.port)"])
            #expect(try bookend.ask().text == "a")
        }
    }
}
