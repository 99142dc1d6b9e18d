import BookendCore
import Testing

@Suite("Every balancing policy")
struct EveryPolicyTests {
    @Test("is known by the name that configuration uses")
    func names() {
        let names = Balancer.Policy.allCases.map(\.rawValue)
        #expect(names == ["headroom", "round-robin", "least-requests", "p2c", "random", "first"])
    }

    @Test("picks nobody when there is no server", arguments: Balancer.Policy.allCases)
    func noServers(policy: Balancer.Policy) {
        var worker = Worker(policy, [], seed: 1)
        #expect(worker.pick() == nil)
    }

    @Test("picks nobody when all are out, full or over their cap, and recovers", arguments: Balancer.Policy.allCases)
    func noneHasRoom(policy: Balancer.Policy) {
        var worker = Worker(policy, idle(weights: [1, 2, 3]), seed: 2)
        worker.servers[0].isOpen = false
        worker.servers[1].cap = 0
        worker.servers[2].cap = 5
        worker.servers[2].inFlight = 6
        #expect(worker.picks(3) == [-1, -1, -1])
        worker.servers[2].inFlight = 4
        #expect(worker.picks(3) == [2, 2, 2])
    }

    @Test("gives everything to a lone server", arguments: Balancer.Policy.allCases)
    func oneServer(policy: Balancer.Policy) {
        var worker = Worker(policy, idle(weights: [7]), seed: 3)
        #expect(worker.shares(100) == [100])
    }

    @Test("never picks a server that is out or full, whatever its weight", arguments: Balancer.Policy.allCases)
    func skips(policy: Balancer.Policy) {
        var worker = Worker(policy, idle(weights: [256, 1, 256, 1]), seed: 4)
        worker.servers[0].isOpen = false
        worker.servers[2].cap = 3
        worker.servers[2].inFlight = 3
        let shares = worker.shares(1_000)
        #expect(shares[0] == 0)
        #expect(shares[2] == 0)
        #expect(shares[1] + shares[3] == 1_000)
    }

    @Test("fills all servers to their caps and not beyond", arguments: Balancer.Policy.allCases)
    func fillsToTheCaps(policy: Balancer.Policy) {
        var worker = Worker(policy, idle(weights: [1, 5, 2]), seed: 5)
        for (index, cap) in [3, 1, 6].enumerated() { worker.servers[index].cap = Int32(cap) }
        let picks = worker.fills(11)
        #expect(worker.servers.map(\.inFlight) == [3, 1, 6])
        #expect(picks.last == -1)
    }

    @Test("gives the same picks for the same seed", arguments: Balancer.Policy.allCases)
    func isDeterministic(policy: Balancer.Policy) {
        var first = Worker(policy, idle(weights: [3, 1, 4, 1, 5]), seed: 6)
        var second = Worker(policy, idle(weights: [3, 1, 4, 1, 5]), seed: 6)
        #expect(first.picks(500) == second.picks(500))
        #expect(first.fills(500) == second.fills(500))
    }

    @Test("takes a thousand servers of the largest weight", arguments: Balancer.Policy.allCases)
    func thousandServers(policy: Balancer.Policy) {
        let servers = [Candidate](repeating: idle(weight: Candidate.largestWeight), count: 1_000)
        var worker = Worker(policy, servers, seed: 7)
        #expect(worker.fills(3_000).allSatisfy { (0..<1_000).contains($0) })
    }

    @Test("lives with the most requests that a counter can hold", arguments: Balancer.Policy.allCases)
    func largestCounts(policy: Balancer.Policy) {
        var worker = Worker(policy, idle(weights: [256, 1]), seed: 8)
        worker.servers[0].inFlight = .max - 1
        worker.servers[1].inFlight = .max
        #expect(worker.pick() == 0)
    }
}
