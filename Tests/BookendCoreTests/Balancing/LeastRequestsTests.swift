import BookendCore
import Testing

@Suite("Least requests")
struct LeastRequestsTests {
    @Test("takes the server with the fewest in flight")
    func fewest() {
        var worker = Worker(.leastRequests, [busy(3), busy(1), busy(2)], seed: 1)
        #expect(worker.picks(3) == [1, 1, 1])
        #expect(worker.fills(3) == [1, 1, 2])
    }

    @Test("compares loads per weight exactly")
    func perWeight() {
        var worker = Worker(.leastRequests, idle(weights: [3, 1]), seed: 1)
        worker.servers[0].inFlight = 4
        worker.servers[1].inFlight = 1
        #expect(worker.pick() == 1)
        worker.servers[0].inFlight = 2
        #expect(worker.pick() == 0)
    }

    @Test("rotates exactly among idle servers of equal weight")
    func idleRotation() {
        var one = Worker(.leastRequests, idle(weights: [1]), seed: 1)
        #expect(one.picks(3) == [0, 0, 0])
        var two = Worker(.leastRequests, idle(weights: [2, 2]), seed: 1)
        #expect(two.picks(4) == [0, 1, 0, 1])
        var three = Worker(.leastRequests, idle(weights: [1, 1, 1]), seed: 1)
        #expect(three.picks(7) == [0, 1, 2, 0, 1, 2, 0])
    }

    @Test("gives idle servers exact shares of their weights")
    func idleShares() {
        var worker = Worker(.leastRequests, idle(weights: [5, 1, 1]), seed: 1)
        #expect(worker.picks(7) == [0, 0, 1, 0, 2, 0, 0])
        #expect(worker.shares(700) == [500, 100, 100])
    }

    @Test("fills in proportion to the weights")
    func fills() {
        var worker = Worker(.leastRequests, idle(weights: [1, 2, 3]), seed: 1)
        _ = worker.fills(600)
        #expect(worker.servers.map(\.inFlight) == [100, 200, 300])
    }

    @Test("rotates among the rest when a server is out or full, and when it comes back")
    func outAndFull() {
        var worker = Worker(.leastRequests, idle(weights: [1, 1, 1]), seed: 1)
        worker.servers[0].isOpen = false
        #expect(worker.shares(100) == [0, 50, 50])
        worker.servers[1].cap = 0
        #expect(worker.shares(100) == [0, 0, 100])
        worker.servers[0].isOpen = true
        worker.servers[1].cap = 1
        #expect(worker.shares(300).allSatisfy { abs($0 - 100) <= 1 })
    }

    @Test("gives equal servers equal shares while requests come and go", arguments: 1...10 as ClosedRange<UInt64>)
    func equalUnderLoad(seed: UInt64) {
        let shares = sharesUnderLoad(weights: [1, 1, 1, 1], endsOneIn: [6, 6, 6, 6], seed: seed)
        #expect(shares.allSatisfy { abs($0 - 0.25) < 0.01 })
    }

    @Test("gives a server that takes twice as long about half as much")
    func slowServer() {
        let shares = sharesUnderLoad(weights: [1, 1], endsOneIn: [20, 40], seed: 1)
        #expect(abs(shares[0] - 2.0 / 3) < 0.02)
    }

    /// Shares of 20,000 picks, one a tick; at each tick a request of server `i` ends with chance 1 / `endsOneIn[i]`.
    private func sharesUnderLoad(weights: [Int32], endsOneIn: [UInt64], seed: UInt64) -> [Double] {
        var worker = Worker(.leastRequests, idle(weights: weights), seed: seed)
        var ends = SeededRandom(seed: seed + 100)
        var counts = [Double](repeating: 0, count: weights.count)
        for _ in 0..<20_000 {
            counts[worker.fills(1)[0]] += 1
            for index in weights.indices {
                for _ in 0..<worker.servers[index].inFlight
                where UInt64.random(in: 0..<endsOneIn[index], using: &ends) == 0 {
                    worker.servers[index].inFlight -= 1
                }
            }
        }
        return counts.map { $0 / 20_000 }
    }
}
