import BookendCore

/// A server with this weight, idle, open and without a cap.
func idle(weight: Int32) -> Candidate {
    Candidate(weight: weight, inFlight: 0, cap: .max, isOpen: true)
}

func idle(weights: [Int32]) -> [Candidate] {
    weights.map(idle(weight:))
}

/// A server of weight 1 with this many in flight, open and without a cap.
func busy(_ inFlight: Int32) -> Candidate {
    Candidate(weight: 1, inFlight: inFlight, cap: .max, isOpen: true)
}

/// A balancer, its servers and its random numbers, as one worker has them.
struct Worker {
    var balancer: Balancer
    var servers: [Candidate]
    var random: SeededRandom

    init(_ policy: Balancer.Policy, _ servers: [Candidate], seed: UInt64) {
        balancer = Balancer(policy, serverCount: servers.count)
        self.servers = servers
        random = SeededRandom(seed: seed)
    }

    /// A pick whose request has ended before the next one.
    mutating func pick() -> Int? {
        let candidates = servers  // the span of a member would lend all of self
        return balancer.pick(from: candidates.span, using: &random)
    }

    /// Picks whose requests end at once, as indices; -1 for none.
    mutating func picks(_ count: Int) -> [Int] {
        (0..<count).map { _ in pick() ?? -1 }
    }

    /// Picks whose requests end at once, counted by server.
    mutating func shares(_ count: Int) -> [Int] {
        var shares = [Int](repeating: 0, count: servers.count)
        for pick in picks(count) where pick >= 0 { shares[pick] += 1 }
        return shares
    }

    /// Picks whose requests never end, as indices; -1 for none.
    mutating func fills(_ count: Int) -> [Int] {
        (0..<count).map { _ in
            guard let index = pick() else { return -1 }
            servers[index].inFlight += 1
            return index
        }
    }
}

/// Pearson's chi-square of counts against shares in proportion to `weights`.
func chiSquare(_ counts: [Int], weights: [Int32]) -> Double {
    let total = Double(counts.reduce(0, +))
    let sum = Double(weights.reduce(0, +))
    return zip(counts, weights).reduce(0) { result, pair in
        let expected = total * Double(pair.1) / sum
        let difference = Double(pair.0) - expected
        return result + difference * difference / expected
    }
}

/// The value that chi-square exceeds once in 1,000 fair draws, by degrees of freedom 1...3.
let chiSquareLimits = [1: 10.83, 2: 13.82, 3: 16.27]
