import BookendCore

/// A pool that answers a request every ten milliseconds and is asked for more, with everybody's requests counted.
struct OverloadedPool {
    struct Client {
        let priority: Priority
        let hash: UInt64
        /// Requests in a second, at even distances on average.
        let rate: Double
        var asked = 0
        var served = 0
        var shed: [Shed: Int] = [:]

        var share: Double { Double(served) / Double(max(1, asked)) }

        init(_ priority: Priority, hash: UInt64, rate: Double) {
            self.priority = priority
            self.hash = hash
            self.rate = rate
        }
    }

    private(set) var clients: [Client]
    private var queue = PoolQueue<Int>(limit: 1_000, deadline: .seconds(10), at: .origin)
    private var random = SeededRandom(seed: 1)

    init(_ clients: [Client], patience: TimeSpan) {
        self.clients = clients
        queue.expect(patience)
    }

    /// What is counted begins after four seconds: until then it is not known that it is overload.
    mutating func play(seconds: Int) {
        for tick in 0..<1_000 * seconds {
            let now = Moment(nanoseconds: UInt64(tick) * 1_000_000)
            let counts = tick > 4_000
            for index in clients.indices where Double.random(in: 0..<1_000, using: &random) < clients[index].rate {
                if counts { clients[index].asked += 1 }
                let rank = Rank(clients[index].priority, client: clients[index].hash)
                if let shed = queue.arrived(rank, at: now) {
                    if counts { clients[index].shed[shed, default: 0] += 1 }
                } else {
                    _ = queue.enter(index, rank, at: now)
                }
            }
            while let index = queue.overdue(at: now) {
                if counts { clients[index].shed[.late, default: 0] += 1 }
            }
            if tick % 10 == 9, let (ticket, index) = queue.next(at: now) {
                queue.answered(at: now)
                queue.served(ticket, at: now)
                if counts { clients[index].served += 1 }
            }
        }
    }

    var served: Int { clients.reduce(0) { $0 + $1.served } }
}
