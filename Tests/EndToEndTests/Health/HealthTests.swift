import Foundation
import Glibc
import Synchronization
import Testing

@Suite("Servers under watch")
struct HealthTests {
    /// Answers probes and requests apart, as the test turns them.
    private final class Patient: Sendable {
        let isWell = Mutex(true)
        let status = Mutex("200 OK")
        let probes = Mutex(0)

        func origin(_ stage: Stage, _ name: String) throws -> Origin {
            try stage.origin(name) { [self] connection in
                while true {
                    let head = try connection.wire.head()
                    if head.startLine.contains("/healthz") {
                        probes.withLock { $0 += 1 }
                        try connection.answer(status: isWell.withLock { $0 } ? "200 OK" : "503 Busy")
                    } else {
                        connection.note(head)
                        try connection.answer(name, status: status.withLock { $0 })
                    }
                }
            }
        }
    }

    private let watched = ["health: { path: /healthz, every: 50ms }", "slow-start: 1s"]

    private func server(_ name: String, of bookend: Bookend) throws -> Status.Server {
        try #require(try bookend.status().servers.first { $0.name == name })
    }

    @Test("A server whose health path fails gets no request, the status says why, and it comes back by slow start")
    func healthPath() async throws {
        try await Stage.run { stage in
            let (one, two) = (Patient(), Patient())
            let origins = [try one.origin(stage, "one"), try two.origin(stage, "two")]
            let bookend = try stage.bookend(origins, pool: watched)
            try eventually("both are healthy") { try bookend.status().servers.allSatisfy { $0.state == "healthy" } }
            one.isWell.withLock { $0 = false }
            try eventually("it is out") { try server("one", of: bookend).state == "dead" }
            let sick = try server("one", of: bookend)
            #expect(sick.why.hasPrefix("probe: status 503") && sick.rotation == "out" && sick.lastProbe == "status 503")
            let before = origins[0].requests.count
            for _ in 0..<10 { #expect(try bookend.ask().text == "two") }
            #expect(origins[0].requests.count == before)
            one.isWell.withLock { $0 = true }
            try eventually("it is back") { try server("one", of: bookend).state == "returning" }
            try eventually("it is as before") { try server("one", of: bookend).state == "healthy" }
            #expect(Set(try (0..<4).map { _ in try bookend.ask().text }) == ["one", "two"])
        }
    }

    @Test("Both answering 500 are both asked on: an answer is better than a refusal")
    func bothFail() async throws {
        try await Stage.run { stage in
            let patients = [Patient(), Patient()]
            let origins = try zip(patients, ["one", "two"]).map { try $0.origin(stage, $1) }
            let bookend = try stage.bookend(origins, pool: watched)
            for patient in patients { patient.status.withLock { $0 = "500 Broken" } }
            for _ in 0..<40 { #expect(try bookend.ask().status == 500) }
            try eventually("both are suspect") { try bookend.status().servers.allSatisfy { $0.state == "suspect" } }
            #expect(try bookend.status().pools[0].panic)
            for _ in 0..<20 { #expect(try bookend.ask().status == 500) }
            for patient in patients { patient.status.withLock { $0 = "200 OK" } }
            for _ in 0..<20 { #expect(try bookend.ask().status == 200) }
            try eventually("nobody panics") { try !bookend.status().pools[0].panic || bookend.ask().status != 200 }
        }
    }

    @Test("A backup joins when a primary dies, and leaves when it is back")
    func backup() async throws {
        try await Stage.run { stage in
            let one = Patient()
            let origins = [
                try one.origin(stage, "one"), try Patient().origin(stage, "two"), try Patient().origin(stage, "spare"),
            ]
            let addresses = ["one: \(origins[0].address)", "two: \(origins[1].address)"]
            let bookend = try stage.bookend(
                addresses: addresses + ["spare: { address: \(origins[2].address), backup: true }"], pool: watched)
            try eventually("all are healthy") { try bookend.status().servers.allSatisfy { $0.state == "healthy" } }
            #expect(try server("spare", of: bookend).rotation == "spare")
            one.isWell.withLock { $0 = false }
            try eventually("it joins") { try server("spare", of: bookend).rotation == "serving" }
            #expect(Set(try (0..<10).map { _ in try bookend.ask().text }) == ["two", "spare"])
            one.isWell.withLock { $0 = true }
            try eventually("it leaves", within: 20) { try server("spare", of: bookend).rotation == "spare" }
            #expect(Set(try (0..<10).map { _ in try bookend.ask().text }) == ["one", "two"])
            #expect(bookend.program.errors.contains("pool main: spare joins for what is missing"))
        }
    }

    @Test("After kill -9 the dead are still known, and get no request before they answer a probe")
    func knownStates() async throws {
        try await Stage.run { stage in
            let (one, two) = (Patient(), Patient())
            let origins = [try one.origin(stage, "one"), try two.origin(stage, "two")]
            let yaml = """
                workers: 1
                listen: 127.0.0.1:0
                health: { path: /healthz, every: 1s }
                servers: { one: \(origins[0].address), two: \(origins[1].address) }
                """
            let bookend = try stage.bookend(yaml: yaml, mayDie: true)
            one.isWell.withLock { $0 = false }
            try eventually("it is dead") { try server("one", of: bookend).state == "dead" }
            // The journal is answered from the file, with all that was said before the question.
            try eventually("that is written") { try bookend.ask(admin: "/v1/journal").text.contains("one is dead") }
            let before = origins[0].requests.count
            try bookend.killWorker()
            for _ in 0..<10 { #expect(try bookend.ask().text == "two") }
            #expect(try server("one", of: bookend).state == "dead")
            #expect(origins[0].requests.count == before)
        }
    }

    @Test("The access log says which servers were tried, and why the last one was chosen")
    func accessLog() async throws {
        try await Stage.run { stage in
            let dead = try Socket.deadPort(stage)
            let alive = try stage.origin("alive")
            let log = stage.path("access.log")
            let bookend = try stage.bookend(
                addresses: ["dead: 127.0.0.1:\(dead)", "alive: \(alive.address)"],
                top: ["access-log: { path: \(log), format: json }"])
            for _ in 0..<3 { _ = try bookend.ask() }
            try eventually("it is logged") {
                let lines = try String(contentsOfFile: log, encoding: .utf8)
                return lines.contains("\"tries\":2,\"choice\":\"turn\",\"tried\":[\"dead refused\"]")
                    && lines.contains("\"tries\":1,\"choice\":\"turn\",\"request_id\"")
            }
        }
    }
}
