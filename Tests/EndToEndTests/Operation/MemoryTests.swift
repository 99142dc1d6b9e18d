import Testing

@Suite("Bookend's own memory", .serialized)
struct MemoryTests {
    private static let limit = 48 << 20
    /// As many as 48 MiB pay for.
    private static let connections = 1_536

    private func bookend(_ stage: Stage) throws -> Bookend {
        let nginx = try stage.nginx()
        try writeFile(stage.path("www/book"), [UInt8](repeating: 1, count: 4 << 20))
        return try stage.bookend(
            yaml: """
                memory: 48MiB
                listeners:
                  - bind: 127.0.0.1:0
                    pool: p
                    limits: { connections-per-client: 10000 }
                pools: { p: { servers: { a: \(nginx.address) }, admission: { limiter: off }, health: off } }
                """)
    }

    /// What all its processes take together.
    private func taken(_ bookend: Bookend) -> Int {
        ProcessFacts.proportionalBytes(of: bookend.worker) + ProcessFacts.proportionalBytes(of: bookend.program.id)
    }

    @Test("Slow readers of large answers hold no more than `memory:`, and the next ones are served when they have left")
    func slowReaders() async throws {
        try await Stage.run(alone: true) { stage in
            let bookend = try bookend(stage)
            #expect(try bookend.status().connectionLimit == Self.connections)
            var readers = try (0..<Self.connections - 10).map { _ in
                let reader = try bookend.connect(receiveBuffer: 4_096)
                try reader.send(get("/book"))
                return reader
            }
            try eventually("most answers wait for their readers") { try bookend.status().servers[0].inFlight > 1_000 }
            #expect(taken(bookend) < Self.limit / 10 * 11)
            let status = try bookend.status()
            #expect(status.bufferBytes <= status.bufferLimitBytes)
            readers.removeAll()
            try eventually("the memory is free again") { try bookend.ask("GET", "/book").status == 200 }
        }
    }

    @Test("Heads that drip in hold no more than `memory:`")
    func slowHeads() async throws {
        try await Stage.run(alone: true) { stage in
            let bookend = try bookend(stage)
            let long = "GET / HTTP/1.1\r\nHost: a\r\nX: " + String(repeating: "x", count: 30_000)
            let clients = try (0..<Self.connections - 10).map { _ in
                let client = try bookend.connect()
                try client.send(long)
                return client
            }
            try eventually("requests are refused") { try bookend.status().outOfMemory > 0 }
            #expect(taken(bookend) < Self.limit / 10 * 11)
            withExtendedLifetime(clients) {}
        }
    }
}
