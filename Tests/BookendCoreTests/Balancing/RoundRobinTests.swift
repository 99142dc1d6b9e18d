import BookendCore
import Testing

@Suite("Round-robin")
struct RoundRobinTests {
    @Test("takes equal servers in order")
    func inOrder() {
        var two = Worker(.roundRobin, idle(weights: [1, 1]), seed: 1)
        #expect(two.picks(6) == [0, 1, 0, 1, 0, 1])
        var three = Worker(.roundRobin, idle(weights: [4, 4, 4]), seed: 1)
        #expect(three.picks(7) == [0, 1, 2, 0, 1, 2, 0])
    }

    @Test("spreads a heavy server's turns over the round, as nginx does")
    func smooth() {
        var worker = Worker(.roundRobin, idle(weights: [5, 1, 1]), seed: 1)
        #expect(worker.picks(14) == [0, 0, 1, 0, 2, 0, 0, 0, 0, 1, 0, 2, 0, 0])
        var pair = Worker(.roundRobin, idle(weights: [1, 2]), seed: 1)
        #expect(pair.picks(6) == [1, 0, 1, 1, 0, 1])
    }

    @Test(
        "gives exact shares in every round",
        arguments: [[9], [1, 1], [3, 1], [256, 1], [1, 2, 3], [7, 7, 7], [100, 10, 1]] as [[Int32]])
    func exactShares(weights: [Int32]) {
        var worker = Worker(.roundRobin, idle(weights: weights), seed: 1)
        let round = weights.reduce(0) { $0 + Int($1) }
        for _ in 0..<4 { #expect(worker.shares(round) == weights.map { Int($0) }) }
    }

    @Test("shares a missing server's turns exactly among the rest")
    func serverOut() {
        var worker = Worker(.roundRobin, idle(weights: [3, 2, 1]), seed: 1)
        worker.servers[0].isOpen = false
        #expect(worker.shares(300) == [0, 200, 100])
    }

    @Test("does not look at load below the cap, and shares a full server's turns among the rest")
    func serverFull() {
        var worker = Worker(.roundRobin, idle(weights: [1, 1, 1]), seed: 1)
        worker.servers[1].inFlight = 99
        worker.servers[1].cap = 100
        #expect(worker.shares(300) == [100, 100, 100])
        worker.servers[1].inFlight = 100
        #expect(worker.shares(300) == [150, 0, 150])
    }

    @Test("gives a server that comes back its share from then on, without a burst", arguments: [1, 2, 3, 1_000, 1_001])
    func comesBack(picksWhileOut: Int) {
        var worker = Worker(.roundRobin, idle(weights: [1, 1, 1]), seed: 1)
        _ = worker.picks(7)
        worker.servers[2].isOpen = false
        _ = worker.picks(picksWhileOut)
        worker.servers[2].isOpen = true
        #expect((2...3).contains(worker.shares(7)[2]))
        #expect(worker.shares(300) == [100, 100, 100])
    }

    @Test("gives no burst to a server that comes back to a pool that has shrunk", arguments: 0..<32)
    func comesBackToFew(picksBefore: Int) {
        var worker = Worker(.roundRobin, [Candidate](repeating: idle(weight: 1), count: 32), seed: 1)
        _ = worker.picks(picksBefore)
        for index in 2..<32 { worker.servers[index].isOpen = false }
        _ = worker.picks(100)
        worker.servers[31].isOpen = true
        #expect((4...6).contains(worker.shares(15)[31]))
    }

    @Test("gives no burst when servers leave one by one, each when it is owed the most, and the first comes back")
    func worstDepartures() {
        var worker = Worker(.roundRobin, [Candidate](repeating: idle(weight: 1), count: 32), seed: 1)
        for leaving in (2..<32).reversed() {
            _ = worker.picks(leaving)
            worker.servers[leaving].isOpen = false
        }
        worker.servers[31].isOpen = true
        let picks = worker.picks(30)
        #expect(picks.prefix { $0 == 31 }.count <= 4)
        #expect(picks.filter { $0 == 31 }.count <= 13)
    }

    @Test("gives no burst when all come back after an outage of the whole pool")
    func outage() {
        var worker = Worker(.roundRobin, idle(weights: [1, 1, 1, 1]), seed: 1)
        _ = worker.picks(5)
        for index in 0..<4 { worker.servers[index].isOpen = false }
        #expect(worker.picks(50) == [Int](repeating: -1, count: 50))
        for index in 0..<4 { worker.servers[index].isOpen = true }
        #expect(worker.shares(8).allSatisfy { (1...3).contains($0) })
    }

    @Test("starves nobody that is full at every second pick")
    func flickering() {
        var worker = Worker(.roundRobin, idle(weights: [1, 1]), seed: 1)
        var shares = [0, 0]
        for turn in 0..<1_000 {
            worker.servers[1].isOpen = turn % 2 == 0
            shares[worker.pick()!] += 1
        }
        #expect(shares == [750, 250])
    }

    @Test(
        "keeps each server within two turns of its share of the picks it could take part in",
        arguments: [[1, 1, 1], [1, 2, 3, 4, 8], [256, 1, 1, 1]] as [[Int32]], [2, 4, 20] as [UInt64])
    func fairWhileServersComeAndGo(weights: [Int32], outOneIn: UInt64) {
        var worker = Worker(.roundRobin, idle(weights: weights), seed: 1)
        var chaos = SeededRandom(seed: 2)
        var owed = [Double](repeating: 0, count: weights.count)
        for _ in 0..<10_000 {
            for index in weights.indices {
                worker.servers[index].isOpen = UInt64.random(in: 0..<outOneIn, using: &chaos) > 0
            }
            settle(&worker, &owed)
            #expect(owed.allSatisfy { abs($0) < 2 })
        }
    }

    @Test("lets a retry that leaves out the first server disturb nobody's share")
    func retries() {
        var worker = Worker(.roundRobin, idle(weights: [3, 2, 1]), seed: 1)
        var owed = [0.0, 0.0, 0.0]
        for _ in 0..<3_000 {
            let first = settle(&worker, &owed)!
            worker.servers[first].isOpen = false
            settle(&worker, &owed)
            worker.servers[first].isOpen = true
            #expect(owed.allSatisfy { abs($0) < 2 })
        }
    }

    /// One pick: adds to `owed` each open server's due share of it, and takes the whole of it from the one picked.
    @discardableResult
    private func settle(_ worker: inout Worker, _ owed: inout [Double]) -> Int? {
        guard let pick = worker.pick() else { return nil }
        let round = worker.servers.reduce(0) { $0 + ($1.isOpen ? Double($1.weight) : 0) }
        for index in owed.indices where worker.servers[index].isOpen {
            owed[index] += Double(worker.servers[index].weight) / round
        }
        owed[pick] -= 1
        return pick
    }
}
