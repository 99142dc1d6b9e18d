import Foundation
import Glibc
import Testing

@Suite("Whether a server can be missed")
struct LeaseGuardTests: LeaseStory {
    private func ask(_ count: Int, _ bookend: Bookend) throws -> [Connection] {
        let clients = try (0..<count).map { _ in
            let client = try bookend.connect()
            try client.send(get())
            return client
        }
        // The guard looks at whole seconds.
        try eventually("all are in flight") { try bookend.status().servers.reduce(0) { $0 + $1.inFlight } == count }
        usleep(2_300_000)
        return clients
    }

    @Test("A drain that the others could not bear is refused with the figures, exit code 1, and nothing changes")
    func refused() async throws {
        try await Stage.run { stage in
            let gate = Gate()
            stage.atEnd { gate.open() }
            let origins = [try stage.origin("web-01", behind: gate), try stage.origin("web-02", behind: gate)]
            let bookend = try bookend(stage, origins, cap: 4)
            let clients = try ask(6, bookend)
            let drain = try verb(stage, bookend, "drain", "web-02", "--why", "kernel update")
            #expect(drain.code == 1 && drain.text.isEmpty)
            #expect(
                drain.errors.hasPrefix(
                    "bookend: refused: without web-02 the rest of pool main holds 3.4 requests in flight, and 6 are needed\n"
                ),
                "\(drain.errors)")
            #expect(drain.errors.contains("  web-01      4\n") && drain.errors.contains("6 now;"))
            #expect(drain.errors.contains("It passes when no more than 3.4 requests are in flight."))
            #expect(drain.errors.contains("--force"))
            let problem = try bookend.ask(
                admin: "/v1/servers/web-02/lease", method: "POST", body: #"{"why": "x", "by": "bob"}"#)
            #expect(problem.status == 409 && problem["content-type"] == "application/problem+json")
            #expect(problem.text.contains(#""guard":{"absent":[],"holds":3.4"#), "\(problem.text)")
            #expect(try rotation("web-02", bookend) == "serving" && bookend.status().leases.isEmpty)
            let json = try verb(stage, bookend, "drain", "web-02", "--why", "x", "--json")
            #expect(json.code == 1 && json.text.contains(#""verdict":"refused""#))
            let forced = try verb(stage, bookend, "drain", "web-02", "--why", "it burns", "--force")
            #expect(forced.code == 0 && forced.text.contains("an alarm is open while it is out"))
            #expect(try bookend.status().alarms.contains { $0.kind == "forced" })
            gate.open()
            for client in clients { #expect(try client.response().status == 200, "what was in flight finishes") }
        }
    }

    @Test("Of two drains at the same time, of which the others could bear one, one passes")
    func twoAtOnce() async throws {
        try await Stage.run { stage in
            let gate = Gate()
            stage.atEnd { gate.open() }
            let origins = try ["web-01", "web-02", "web-03"].map { try stage.origin($0, behind: gate) }
            let bookend = try bookend(stage, origins, cap: 4)
            _ = try ask(5, bookend)
            let drains = try ["web-01", "web-02"].map { server in
                try stage.start(
                    Binary.path(), ["drain", server, "--why", "update", "--admin", bookend.adminSocket], named: "drain")
            }
            let codes = try drains.map { try $0.exitCode() }
            #expect(codes.sorted() == [0, 1], "\(drains.map(\.errors))")
            #expect(try bookend.status().leases.count == 1)
        }
    }

    @Test("Where nobody knows what the others hold, the drain is a trial of eight seconds")
    func trial() async throws {
        try await Stage.run { stage in
            let gate = Gate()
            stage.atEnd { gate.open() }
            let origins = [try stage.origin("web-01", behind: gate), try stage.origin("web-02", behind: gate)]
            let bookend = try stage.bookend(origins, pool: watched)
            try allHealthy(bookend)
            let clients = try ask(8, bookend)
            let began = secondsNow()
            let drain = try verb(stage, bookend, "drain", "web-02", "--why", "x")
            #expect(drain.code == 0 && drain.text.hasPrefix("web-02 is drained on trial"), "\(drain.errors)")
            #expect(drain.text.contains("  web-01      at least 4\n"), "\(drain.text)")
            let other = try verb(stage, bookend, "drain", "web-01", "--why", "y")
            #expect(other.code == 1 && other.errors.contains("it is being tried whether the pool does without web-02"))
            try eventually("it drains", within: 15) { try bookend.status().leases.first?.state == "draining" }
            #expect(secondsNow() - began > 7)
            gate.open()
            for client in clients { #expect(try client.response().status == 200) }
            try eventually("it is out") { try bookend.status().leases.first?.state == "out" }
        }
    }

    @Test("A trial that the others fail gives the server back, and whoever waits learns it by exit code 1")
    func trialFails() async throws {
        try await Stage.run { stage in
            let gate = Gate()
            stage.atEnd { gate.open() }
            let (nginx, two) = (try stage.nginx(), try stage.origin("web-02", behind: gate))
            let bookend = try stage.bookend(
                addresses: ["web-01: \(nginx.address)", "web-02: \(two.address)"], pool: watched)
            try allHealthy(bookend)
            let clients = try (0..<8).map { _ in try bookend.connect() }
            for client in clients { try client.send(get()) }
            try eventually("half of them wait at web-02") { try bookend.status().servers[1].inFlight >= 3 }
            usleep(2_300_000)
            let drain = try stage.start(
                Binary.path(), ["drain", "web-02", "--why", "x", "--wait", "--admin", bookend.adminSocket],
                named: "drain")
            try eventually("it is tried") { try bookend.status().servers[1].capReason == "draining" }
            nginx.program.send(SIGTERM)
            #expect(try drain.exitCode(within: 10) == 1)
            #expect(
                drain.outputText.hasSuffix(
                    "web-02 is in rotation: the others do not carry its requests: web-01 fails\n"))
            #expect(try rotation("web-02", bookend) == "serving" && bookend.status().leases.isEmpty)
        }
    }
}
