import BookendCore
import Testing

@Suite("Random")
struct WeightedRandomTests {
    @Test(
        "gives servers the shares of their weights, within chance",
        arguments: [[1, 1], [1, 1, 1], [2, 1], [256, 1], [5, 2, 1], [1, 2, 3, 4]] as [[Int32]])
    func shares(weights: [Int32]) {
        var worker = Worker(.random, idle(weights: weights), seed: 1)
        #expect(chiSquare(worker.shares(60_000), weights: weights) < chiSquareLimits[weights.count - 1]!)
    }

    @Test("shares among the rest when a server is out or full, and with all when it comes back")
    func outAndBack() {
        var worker = Worker(.random, idle(weights: [3, 2, 1]), seed: 2)
        worker.servers[0].isOpen = false
        let without = worker.shares(30_000)
        #expect(without[0] == 0)
        #expect(chiSquare([without[1], without[2]], weights: [2, 1]) < chiSquareLimits[1]!)
        worker.servers[0].isOpen = true
        #expect(chiSquare(worker.shares(30_000), weights: [3, 2, 1]) < chiSquareLimits[2]!)
    }

    @Test("does not follow the pick before: pairs of picks are as even as single ones")
    func independence() {
        var worker = Worker(.random, idle(weights: [1, 1]), seed: 3)
        let picks = worker.picks(40_001)
        var pairs = [0, 0, 0, 0]
        for index in 0..<40_000 { pairs[picks[index] * 2 + picks[index + 1]] += 1 }
        #expect(chiSquare(pairs, weights: [1, 1, 1, 1]) < chiSquareLimits[3]!)
    }

    @Test("picks otherwise for another seed")
    func seeds() {
        var first = Worker(.random, idle(weights: [1, 1]), seed: 4)
        var second = Worker(.random, idle(weights: [1, 1]), seed: 5)
        #expect(first.picks(100) != second.picks(100))
    }
}
