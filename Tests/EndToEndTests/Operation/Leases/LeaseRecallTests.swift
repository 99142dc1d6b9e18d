import Foundation
import Glibc
import Testing

@Suite("Servers that are called back before their time")
struct LeaseRecallTests: LeaseStory {
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

    @Test("When requests wait or are refused for want of a place, the one that is taken out is called back")
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
            #expect(log.contains("called back, because requests "), "\(log)")
        }
    }
}
