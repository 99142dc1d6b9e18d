// Who takes more than a fair part while others are refused?
//
// Ranks tell clients apart by chance: one that sends as much as all others together would get all or nothing. So in
// overload every client's requests are counted for a second, and what there is to give is divided so that nobody gets more
// while somebody with less wants more (max-min fairness; Bertsekas and Gallager, "Data Networks", 2nd edition, 6.5.2). Who
// asked for more than that, and for more than a quarter of it all, is over its share: of its next requests as many are
// let in as are its share, evenly, the others are refused at once; and those that are let in stand one priority lower, so
// that whoever asks for little is served before.
//
// A quarter, because few clients ask for much at a time for good reasons: a page with fifty pictures is to come whole.
//
// Clients are told apart by 256 values of a hash that changes every hour: two of them may share a value, and then what
// is refused to one is refused to the other. It takes 9 KiB in overload, for each pool and worker, whoever comes.

/// Counts what clients ask for, and says who asks for too much.
struct ClientShares: Sendable {
    private static let clients = 256
    private static let window = TimeSpan.seconds(1)
    /// Of what all get together, what anybody may have.
    private static let part = 0.25
    /// However little is served.
    private static let fewest = 4.0
    /// Each brings the level nearer to where it belongs, and never above.
    private static let rounds = 16

    // Arrays, so that a line in which nobody waits is small and copied for nothing.
    private var arrivals: [UInt32]
    /// Of what a client over its share asks for, the part that is let in; 1 for all others.
    private var parts: [Float]
    /// Of a request to be let in, how much has come together.
    private var credit: [Float]
    private var served = 0
    private var since: Moment

    init(at now: Moment) {
        let count = Self.clients * Priority.allCases.count
        arrivals = Array(repeating: 0, count: count)
        parts = Array(repeating: 1, count: count)
        credit = Array(repeating: 0, count: count)
        since = now
    }

    /// A request came. False: it is one too many of its client.
    mutating func arrived(_ rank: Rank, patience: TimeSpan, at now: Moment) -> Bool {
        if now - since >= Self.window { turn(patience, at: now) }
        let index = Self.index(rank)
        arrivals[index] &+= 1
        guard parts[index] < 1 else { return true }
        credit[index] += parts[index]
        guard credit[index] >= 1 else { return false }
        credit[index] -= 1
        return true
    }

    /// The rank that a request has in line.
    func rank(of rank: Rank) -> Rank { parts[Self.index(rank)] < 1 ? rank.lowered : rank }

    mutating func wasServed() {
        served += 1
    }

    private mutating func turn(_ patience: TimeSpan, at now: Moment) {
        let before = self
        self = ClientShares(at: now)
        // So few came that nothing is known of this second.
        guard now - before.since < TimeSpan(nanoseconds: 2 * Self.window.nanoseconds) else { return }
        credit = before.credit
        var above = 0.0
        for priority in Priority.allCases.reversed() {
            let all = RankFloor.budget(before.served, over: now - before.since, patience: patience, for: priority)
            let level = before.level(of: priority, sharing: all - above)
            let most = max(level, Self.part * all, Self.fewest)
            for index in Self.indices(priority) {
                let asked = Double(before.arrivals[index])
                parts[index] = asked > most ? Float(most / asked) : 1
                above += min(asked, most)
            }
        }
    }

    /// What each may have at most so that together they have `budget`.
    private func level(of priority: Priority, sharing budget: Double) -> Double {
        var level = 0.0
        for _ in 0..<Self.rounds {
            var satisfied = 0.0
            var others = 0.0
            for index in Self.indices(priority) where arrivals[index] > 0 {
                let asked = Double(arrivals[index])
                if asked <= level { satisfied += asked } else { others += 1 }
            }
            guard others > 0 else { return .infinity }
            let next = (budget - satisfied) / others
            guard next > level else { break }
            level = next
        }
        return level
    }

    private static func indices(_ priority: Priority) -> Range<Int> {
        Int(priority.rawValue) * clients..<(Int(priority.rawValue) + 1) * clients
    }

    private static func index(_ rank: Rank) -> Int { Int(rank.priority.rawValue) * clients + Int(rank.client) }
}
