import Testing

@Suite("Clients that go away")
struct DisconnectTests {
    /// Sends without end.
    private func endless(_ stage: Stage) throws -> Origin {
        try stage.origin { connection in
            try connection.request()
            try connection.send("HTTP/1.1 200 OK\r\nContent-Length: 1000000000\r\n\r\n")
            while true { try connection.wire.send([UInt8](repeating: 1, count: 65_536)) }
        }
    }

    @Test(
        "In the middle of a response: the server's connection is closed and nothing stays in flight",
        arguments: [true, false])
    func response(isReset: Bool) async throws {
        try await Stage.run { stage in
            let origin = try endless(stage)
            let bookend = try stage.bookend([origin])
            for _ in 0..<5 {
                let client = try bookend.connect()
                try client.send(get())
                _ = try client.bytes(100_000)
                if isReset { client.reset() } else { client.close() }
            }
            try eventually("the server's connections are closed") {
                origin.connectionCount == 5 && origin.openConnections == 0
            }
            try bookend.settles()
            #expect(try bookend.status().connections == 0)
        }
    }

    @Test("While the server thinks, with a reset, and nothing limits it: it is left at once")
    func waiting() async throws {
        try await Stage.run { stage in
            let origin = try stage.silentOrigin()
            let bookend = try stage.bookend([origin], pool: ["admission: { limiter: off }"])
            let client = try bookend.connect()
            try client.send(get())
            try eventually("the server has the request") { origin.requests.count == 1 }
            client.reset()
            try eventually("the server's connection is closed") { origin.openConnections == 0 }
            try bookend.settles()
        }
    }

    @Test("Between requests and in the middle of a head: nothing stays behind")
    func idle() async throws {
        try await Stage.run { stage in
            let bookend = try stage.bookend([try stage.origin()])
            for bytes in ["", "G", "GET / HTTP/1.1\r\nHost:", get(), get() + "GET"] {
                for isReset in [true, false] {
                    let client = try bookend.connect()
                    try client.send(bytes)
                    if isReset { client.reset() } else { client.close() }
                }
            }
            try eventually("no connection is left") { try bookend.status().connections == 0 }
            try bookend.settles()
        }
    }

    @Test("Hundreds of connections come and go without a descriptor being lost")
    func descriptors() async throws {
        try await Stage.run { stage in
            // Connections to the server are kept as they should be, and age out soon.
            let bookend = try stage.bookend([try stage.origin()], pool: ["timeouts: { idle: 500ms }"])
            _ = try bookend.ask()
            try eventually("no connection is left") { try bookend.status().connections == 0 }
            let before = ProcessFacts.openDescriptors(of: bookend.worker)
            for number in 0..<300 {
                let client = try bookend.connect()
                try client.send(number % 3 == 0 ? get().dropLast(5) + "" : get())
                if number % 2 == 0 { client.reset() }
            }
            try eventually("no connection is left") { try bookend.status().connections == 0 }
            try eventually("all descriptors are back") {
                ProcessFacts.openDescriptors(of: bookend.worker) <= before
            }
        }
    }
}
