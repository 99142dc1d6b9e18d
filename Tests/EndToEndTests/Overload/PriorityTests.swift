import Foundation
import Testing

@Suite("Priorities")
struct PriorityTests {
    private struct Load: Decodable {
        let due: Int
        let succeeded: Int
        let codes: [String: Int]
    }

    /// Answers every request after 50 ms; eight at a time are 160 a second.
    private func slowOrigin(_ stage: Stage) throws -> Origin {
        try stage.origin("web-01") { connection in
            while true {
                try connection.request()
                usleep(50_000)
                try connection.answer("web-01")
            }
        }
    }

    private func bookend(_ stage: Stage, _ origin: Origin, trusting proxy: String) throws -> Bookend {
        try stage.bookend(
            yaml: """
                workers: 1
                access-log: { path: \(stage.path("access.log")) }
                listeners:
                  - bind: 127.0.0.1:0
                    trusted-proxies: [\(proxy)]
                    limits: { connections-per-client: 10000 }
                    pool: main
                pools:
                  main:
                    health: off
                    admission: { priority-header: Bookend-Priority, limiter: off }
                    servers: { web-01: { address: "\(origin.address)", max-in-flight: 8 } }
                """)
    }

    /// Requests come evenly; at random with a seed.
    private func load(
        _ stage: Stage, _ bookend: Bookend, rate: Int, _ fields: [String], seed: Int? = nil
    ) throws -> Program {
        var options = ["--rate", "\(rate)", "--for", "12s", "--json", "--quiet", "--timeout", "20s"]
        if let seed { options += ["--arrivals", "poisson", "--seed", "\(seed)"] }
        return try stage.start(
            Binary.path(), ["load", bookend.url] + options + fields.flatMap { ["--header", $0] }, named: "load")
    }

    private func result(_ stage: Stage, _ program: Program) throws -> Load {
        try JSONDecoder().decode(Load.self, from: Data(try stage.finish(program).output))
    }

    @Test("At three times the load, thirty percent of it critical, every critical request is answered")
    func critical() async throws {
        try await Stage.run(alone: true) { stage in
            let bookend = try bookend(stage, slowOrigin(stage), trusting: "127.0.0.1")
            let background = try load(stage, bookend, rate: 120, ["Bookend-Priority: background"])
            let normal = try load(stage, bookend, rate: 216, [])
            let critical = try load(stage, bookend, rate: 144, ["bookend-priority: CRITICAL"])
            let results = try [background, normal, critical].map { try result(stage, $0) }
            #expect(results[2].due > 1_500 && results[2].succeeded == results[2].due, "\(results)")
            #expect(results[0].codes["503", default: 0] + results[0].codes["429", default: 0] > 600, "\(results)")
            #expect(results.reduce(0) { $0 + $1.succeeded } > 1_500, "no place stays empty: \(results)")
            let pool = try bookend.status().pools[0]
            #expect(pool.shedPriorities["critical"] == 0 && pool.shed == pool.shedReasons.values.reduce(0, +))
            #expect(pool.shed > 2_000, "\(pool)")
            let screen = try stage.verb(["status", "--admin", bookend.adminSocket]).text
            #expect(screen.contains(" background, ") && screen.contains(" 0 critical; "), "\(screen)")
            let log = readText(stage.path("access.log"))
            #expect(log.contains("\"failure\":\"shed\",\"priority\":\"background\",\"shed\":\""))
            #expect(log.contains("\"choice\":\"turn\",\"priority\":\"critical\""))
        }
    }

    @Test("A client that is not trusted gains nothing by the field, and the server never sees it")
    func stranger() async throws {
        try await Stage.run(alone: true) { stage in
            let origin = try slowOrigin(stage)
            let bookend = try bookend(stage, origin, trusting: "127.0.0.77")
            let claiming = try load(stage, bookend, rate: 240, ["Bookend-Priority: critical"], seed: 1)
            let plain = try load(stage, bookend, rate: 240, [], seed: 2)
            let results = try [claiming, plain].map { try result(stage, $0) }
            let ratio = Double(results[0].succeeded) / Double(max(1, results[1].succeeded))
            #expect((0.75...1.33).contains(ratio), "\(results)")
            #expect(results[0].succeeded < results[0].due)
            #expect(!readText(stage.path("access.log")).contains("\"priority\""))
            #expect(origin.requests.allSatisfy { $0["bookend-priority"] == nil })
        }
    }
}
