// Whose turn is it?
//
// Smooth weighted round-robin, after nginx (2012): at each pick every server that takes part earns credit in proportion
// to its weight; the one with the most wins and pays what all have earned. Shares are exact over every round, and a
// heavy server's turns are spread over it: weights 5, 1 and 1 give a a b a c a a.
//
// Who does not take part neither earns nor pays: a server that sits out a pick (full, or already tried by this request)
// loses nothing, and one that was out for an hour has saved nothing up.
//
// One thing differs from nginx. There credit is counted in weight, so it is worth more turns the fewer servers are
// left: of 32 servers all but two go out, and the first to come back, with credit from a round of 32, gets 11 requests
// in a row. And a turn won while few take part is cheap, so shares drift when servers come and go (weights 1, 2, 3, 4,
// 8, each out for a quarter of the picks at random: the lightest gets 10 % too much). Here credit is counted in turns:
// all that take part in a pick earn one turn between them, whoever they are. While servers come and go at random each
// stays within about one turn of its due, and there is no credit to burst with: 4 in a row after the worst order of
// departures from 32 that was found. This is the greedy answer to the carpool problem (Ajtai and others, "Fairness in
// scheduling", 1998): even at its worst the error is bounded by the number of servers, not by the number of picks.
//
// Constants: `oneTurn` is 2^32, so that a thousand servers of weight 256 still divide it finely.

/// Who takes part in a turn. A protocol and not a closure, so that each policy has its own specialised loop.
protocol TurnRule {
    func admits(_ candidate: Candidate) -> Bool
}

/// Smooth weighted turns among a changing set of servers.
struct Turns: Sendable {
    /// What each server is owed, in parts of `oneTurn`; negative when it had more than its due. The sum is always zero.
    private var credits: [Int64]

    private static let oneTurn: Int64 = 1 << 32

    init(serverCount: Int) {
        precondition(serverCount >= 0)
        credits = [Int64](repeating: 0, count: serverCount)
    }

    /// The server whose turn it is, or nil when the rule admits none (then nothing changes). Equal credit: lower index.
    mutating func next<Rule: TurnRule>(among candidates: Span<Candidate>, admitting rule: Rule) -> Int? {
        assert(candidates.count == credits.count)
        var round: Int64 = 0
        for index in candidates.indices where rule.admits(candidates[index]) {
            round &+= Int64(candidates[index].weight)
        }
        guard round > 0 else { return nil }
        let perWeight = Self.oneTurn / round

        var winner = 0
        var most = Int64.min
        for index in candidates.indices where rule.admits(candidates[index]) {
            let credit = credits[index] &+ perWeight &* Int64(candidates[index].weight)
            credits[index] = credit
            if credit > most { (most, winner) = (credit, index) }
        }
        credits[winner] &-= perWeight &* round
        return winner
    }
}
