import Testing

/// Servers that answer their checks, a Bookend before them, and an operator called ada.
protocol LeaseStory {}

extension LeaseStory {
    var watched: [String] { ["health: { every: 50ms }", "slow-start: 1s", "admission: { limiter: off }"] }

    func bookend(_ stage: Stage, _ servers: [Origin], cap: Int = 100) throws -> Bookend {
        let addresses = servers.map { "\($0.name): { address: \($0.address), max-in-flight: \(cap) }" }
        let bookend = try stage.bookend(addresses: addresses, workers: 2, pool: watched)
        try allHealthy(bookend)
        return bookend
    }

    func allHealthy(_ bookend: Bookend) throws {
        try eventually("all are healthy") { try bookend.status().servers.allSatisfy { $0.state == "healthy" } }
    }

    func verb(_ stage: Stage, _ bookend: Bookend, _ arguments: String...) throws -> Finished {
        try stage.verb(arguments + ["--admin", bookend.adminSocket], environment: ["SUDO_USER=ada"])
    }

    func rotation(_ name: String, _ bookend: Bookend) throws -> String? {
        try bookend.status().servers.first { $0.name == name }?.rotation
    }
}
