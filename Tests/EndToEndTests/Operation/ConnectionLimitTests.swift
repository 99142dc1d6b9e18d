import Testing

@Suite("As many connections as there is room for")
struct ConnectionLimitTests {
    /// What 80 descriptors leave room for, with one worker.
    private static let limit = 8

    private func bookend(_ stage: Stage, _ origin: Origin) throws -> Bookend {
        let bookend = try stage.bookend(
            yaml: """
                workers: 1
                listeners: [{ bind: 127.0.0.1:0, pool: p }]
                pools: { p: { servers: { a: \(origin.address) }, admission: { limiter: off } } }
                """,
            prefix: ["/bin/sh", "-c", "ulimit -n 80; exec \"$0\" \"$@\""])
        #expect(try bookend.status().connectionLimit == Self.limit)
        return bookend
    }

    @Test("An idle connection gives way to a new one; one whose request is on its way does not")
    func idle() async throws {
        try await Stage.run { stage in
            let bookend = try bookend(stage, try stage.origin())
            let idle = try (0..<Self.limit).map { _ in
                let client = try bookend.connect()
                try client.send(get())
                #expect(try client.response().status == 200)
                return client
            }
            let late = try (0..<3).map { _ in try bookend.connect() }
            for client in late {
                try client.send(get())
                #expect(try client.response().status == 200)
            }
            #expect(idle.count { $0.isSilent(for: 0.01) } == Self.limit - 3)
            #expect(try bookend.status().connections == Self.limit)
        }
    }

    @Test("With all busy a new one waits, and is served as soon as one of them is idle")
    func busy() async throws {
        try await Stage.run { stage in
            let gate = Gate()
            stage.atEnd { gate.open() }
            let origin = try stage.origin { connection in
                while true {
                    if try connection.request().target == "/slow" { gate.wait() }
                    try connection.answer()
                }
            }
            let bookend = try bookend(stage, origin)
            let busy = try (0..<Self.limit).map { _ in
                let client = try bookend.connect()
                try client.send(get("/slow"))
                return client
            }
            try eventually("all are busy") { origin.requests.count == Self.limit }
            let late = try bookend.connect()
            try late.send(get())
            #expect(late.isSilent(for: 0.2))
            gate.open()
            #expect(try late.response().status == 200)
            for client in busy { #expect(try client.response().status == 200) }
        }
    }

    @Test("Clients that connect and say nothing keep nobody out")
    func silent() async throws {
        try await Stage.run { stage in
            let bookend = try bookend(stage, try stage.origin())
            let silent = try (0..<50).map { _ in try bookend.connect() }
            let late = try bookend.connect()
            try late.send(get())
            #expect(try late.response().status == 200)
            withExtendedLifetime(silent) {}
        }
    }
}
