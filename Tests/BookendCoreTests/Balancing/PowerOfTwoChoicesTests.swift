import Testing

@testable import BookendCore

@Suite("Power of two choices")
struct PowerOfTwoChoicesTests {
    @Test("draws two distinct servers with room, always", arguments: 2...5)
    func distinct(count: Int) {
        var servers = [Candidate](repeating: idle(weight: 1), count: count + 1)
        servers[1].isOpen = false
        servers[0].weight = 200
        var random = SeededRandom(seed: 1)
        for _ in 0..<2_000 {
            let drawn = PowerOfTwoChoices.drawTwo(from: servers.span, using: &random)!
            #expect(drawn.first != drawn.second)
            #expect(drawn.first != 1 && drawn.second != 1)
        }
    }

    @Test("takes the less loaded of two servers every time, in either order")
    func twoServers() {
        var worker = Worker(.p2c, [busy(100), busy(0)], seed: 2)
        #expect(worker.shares(10_000) == [0, 10_000])
        worker.servers = [busy(7), busy(8)]
        #expect(worker.shares(10_000) == [10_000, 0])
    }

    /// Caddy's pull request 7873: there a third of the traffic went to the loaded server.
    @Test("takes the less loaded of two when a third is out, wherever it stands", arguments: 0..<3)
    func twoOfThree(out: Int) {
        var servers = [busy(0), busy(0), busy(0)]
        servers[out].isOpen = false
        servers[(out + 1) % 3].inFlight = 100
        var worker = Worker(.p2c, servers, seed: 3)
        #expect(worker.shares(3_000)[(out + 2) % 3] == 3_000)
    }

    @Test("never takes the most loaded of three, and the least loaded two times in three")
    func threeServers() {
        var worker = Worker(.p2c, [busy(2), busy(0), busy(1)], seed: 4)
        let shares = worker.shares(30_000)
        #expect(shares[0] == 0)
        #expect(chiSquare([shares[1], shares[2]], weights: [2, 1]) < chiSquareLimits[1]!)
    }

    @Test("takes the lone server that is open, or that is not at its cap")
    func lone() {
        var worker = Worker(.p2c, [busy(0), busy(50), busy(0)], seed: 5)
        worker.servers[0].isOpen = false
        worker.servers[2].cap = 0
        #expect(worker.shares(100) == [0, 100, 0])
    }

    @Test("compares loads per weight")
    func perWeight() {
        var worker = Worker(.p2c, idle(weights: [4, 1]), seed: 6)
        worker.servers[0].inFlight = 7
        worker.servers[1].inFlight = 2
        #expect(worker.shares(1_000) == [1_000, 0])
        worker.servers[0].inFlight = 9
        #expect(worker.shares(1_000) == [0, 1_000])
    }

    @Test(
        "gives servers of equal load the shares of their weights",
        arguments: [[1, 1], [1, 1, 1], [1, 1, 1, 1], [3, 1], [5, 2, 1], [1, 9]] as [[Int32]])
    func ties(weights: [Int32]) {
        var worker = Worker(.p2c, idle(weights: weights), seed: 7)
        #expect(chiSquare(worker.shares(30_000), weights: weights) < chiSquareLimits[weights.count - 1]!)
    }

    @Test("keeps equal servers within a few requests of each other where random does not")
    func evenness() {
        func spread(_ policy: Balancer.Policy) -> Int32 {
            var worker = Worker(policy, idle(weights: [Int32](repeating: 1, count: 20)), seed: 8)
            _ = worker.fills(20_000)
            let loads = worker.servers.map(\.inFlight)
            return loads.max()! - loads.min()!
        }
        #expect(spread(.p2c) <= 10)
        #expect(spread(.random) >= 50)
    }

    @Test("fills in proportion to the weights, also where one server has half of all weight")
    func heavyServer() {
        var worker = Worker(.p2c, idle(weights: [9] + [Int32](repeating: 1, count: 9)), seed: 9)
        _ = worker.fills(18_000)
        #expect(abs(worker.servers[0].inFlight - 9_000) <= 200)
    }
}
