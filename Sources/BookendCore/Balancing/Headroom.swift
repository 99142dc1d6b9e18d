// Headroom: whoever has most room left, in turn while all have alike.
//
// The use of a server is u = (in flight + 1) ÷ cap, with the cap that its limiter learned. Among the servers whose use is
// within one request of the least, `u ≤ u_min + 1 / cap`, it goes in smooth weighted turns (Turns.swift). So servers that
// are alike get exact round-robin whatever the noise of the moment, and a server that holds half as much, or has become
// busy, gets less before it is full. Prequal's hot and cold (Wydrowski and others, "Load is not what you should balance",
// 2024) with counts that are exact and local, where theirs are probed.
//
// Latency plays no part in the pick itself: a slower server completes less, its limiter gives it fewer places, and a
// clearly slower one has its share cut (Pace.swift). A third use of the same sign would only make the rules fight.
//
// The trade-off: it is as good as the caps. Where nothing limits a server, weights are all there is, and it is round-robin.

/// The least used of the servers with room, in turns among those that are within one request of it.
public struct Headroom: BalancingPolicy {
    private var turns: Turns

    /// `serverCount` is the number of candidates of every pick to come.
    public init(serverCount: Int) {
        turns = Turns(serverCount: serverCount)
    }

    public mutating func pick(from candidates: Span<Candidate>, using random: inout SeededRandom) -> Int? {
        guard let least = Candidate.best(of: candidates, by: { $0.isLessUsed(than: $1) }) else { return nil }
        return turns.next(among: candidates, admitting: IsWithinOneRequest(of: least))
    }
}

private struct IsWithinOneRequest: TurnRule {
    private let least: Candidate

    init(of least: Candidate) {
        self.least = least
    }

    /// (a + 1) / cap ≤ (a' + 1) / cap' + 1 / cap, without division.
    func admits(_ candidate: Candidate) -> Bool {
        guard candidate.hasRoom else { return false }
        if candidate.cap == .max, least.cap == .max { return true }
        return Int64(candidate.inFlight) &* Int64(least.cap) <= (Int64(least.inFlight) &+ 1) &* Int64(candidate.cap)
    }
}

extension Candidate {
    /// By (in flight + 1) / cap, without division.
    fileprivate func isLessUsed(than other: Candidate) -> Bool {
        if cap == .max, other.cap == .max { return false }
        return (Int64(inFlight) &+ 1) &* Int64(other.cap) < (Int64(other.inFlight) &+ 1) &* Int64(cap)
    }
}
