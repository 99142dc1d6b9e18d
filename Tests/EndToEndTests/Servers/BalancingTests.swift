import Testing

@Suite("Balancing")
struct BalancingTests {
    /// The number of requests that each origin got after `count` of them, each on a connection of its own.
    private func shares(_ bookend: Bookend, _ origins: [Origin], of count: Int) throws -> [Int] {
        for _ in 0..<count { #expect(try bookend.ask().status == 200) }
        return origins.map(\.requests.count)
    }

    @Test("Equal servers get equal shares, exactly, from one worker")
    func equal() async throws {
        try await Stage.run { stage in
            let origins = try ["a", "b", "c"].map { try stage.origin($0) }
            let bookend = try stage.bookend(origins)
            #expect(try shares(bookend, origins, of: 300) == [100, 100, 100])
        }
    }

    @Test("Two workers keep equal shares within one request each")
    func twoWorkers() async throws {
        try await Stage.run { stage in
            let origins = try ["web-01", "web-02"].map { try stage.origin($0) }
            let bookend = try stage.bookend(origins, workers: 2)
            let shares = try shares(bookend, origins, of: 501)
            #expect(abs(shares[0] - shares[1]) <= 2, "\(shares)")
            let client = try bookend.connect()
            for _ in 0..<100 {
                try client.send(get())
                #expect(try client.response().status == 200)
            }
            let after = origins.map(\.requests.count)
            #expect(after[0] - shares[0] == 50 && after[1] - shares[1] == 50, "one connection is one worker")
        }
    }

    @Test("Weights are exact", arguments: ["round-robin"])
    func weights(balance: String) async throws {
        try await Stage.run { stage in
            let origins = try ["a", "b"].map { try stage.origin($0) }
            let bookend = try stage.bookend(
                addresses: ["a: { address: \(origins[0].address), weight: 3 }", "b: \(origins[1].address)"],
                pool: ["balance: \(balance)"])
            #expect(try shares(bookend, origins, of: 200) == [150, 50])
        }
    }

    @Test("Every policy serves, and none loses a request", arguments: ["least-requests", "p2c", "random", "first"])
    func policies(balance: String) async throws {
        try await Stage.run { stage in
            let origins = try ["a", "b"].map { try stage.origin($0) }
            let bookend = try stage.bookend(origins, workers: 2, pool: ["balance: \(balance)"])
            let shares = try shares(bookend, origins, of: 200)
            #expect(shares[0] + shares[1] == 200)
            if balance == "first" { #expect(shares[1] == 0) } else { #expect(shares.min()! > 40, "\(shares)") }
        }
    }

    @Test("least-requests leaves a server that holds requests alone, across workers")
    func leastRequests() async throws {
        try await Stage.run { stage in
            let slow = try stage.silentOrigin("slow")
            let quick = try stage.origin("quick")
            let bookend = try stage.bookend([slow, quick], workers: 2, pool: ["balance: least-requests"])
            var held: [Connection] = []
            // The first that the slow one gets is stuck there; all others find it busy.
            for _ in 0..<40 {
                let client = try bookend.connect()
                try client.send(get())
                held.append(client)
                try eventually("the request is somewhere") { slow.requests.count + quick.requests.count == held.count }
                try eventually("it is answered or stuck") {
                    try bookend.status().servers.map(\.inFlight) == [slow.requests.count, 0]
                }
            }
            #expect(slow.requests.count <= 1)
        }
    }

    @Test("The shares are counted where `bookend status` shows them")
    func counted() async throws {
        try await Stage.run { stage in
            let origins = try ["a", "b"].map { try stage.origin($0) }
            let bookend = try stage.bookend(origins, workers: 2)
            _ = try shares(bookend, origins, of: 20)
            try eventually("all are counted") { try bookend.status().servers.map(\.requests).reduce(0, +) == 20 }
            #expect(try bookend.status().servers.map(\.requests) == origins.map(\.requests.count))
        }
    }
}
