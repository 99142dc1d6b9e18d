// Who is refused at the door while there is not enough for all?
//
// Waiting in line and being refused after it helps nobody, and by chance every third request of a page fails. So arrivals
// are counted by rank, and from the highest down as many ranks are let in as bring what was served and four more in each
// patience, so that about four wait at any moment and no place stays empty between two arrivals; the others are refused
// at once.
//
// Of critical requests twice of what was served is let in: they may wait longer, and in a quarter of a second a few more
// come by chance than in the next.
//
// Where all come from one client, or few, they share a rank: their part of it all is bounded first (`ClientShares`).

/// Counts arrivals by rank, and says which may wait.
struct RankFloor: Sendable {
    /// Ranks from here on may wait.
    private(set) var lowest: UInt8 = 0
    private var arrivals: InlineArray<192, UInt32> = .init(repeating: 0)
    private var arrived = 0
    private var served = 0
    private var since: Moment

    /// Let in beyond what was served: so many in each patience, and this part of it at least.
    static let waiting = 4.0
    private static let surplus = 0.2
    private static let criticalSurplus = 1.0
    /// How long, and how many arrivals, it is counted for until the floor follows; and the longest, lest a floor outlive its load.
    private static let window = TimeSpan.milliseconds(250)
    private static let fewest = 32
    private static let longestWindow = TimeSpan.seconds(1)

    init(at now: Moment) {
        since = now
    }

    /// How many requests may be let in, of a priority and those above it, in a time in which so many were served.
    static func budget(_ served: Int, over span: TimeSpan, patience: TimeSpan, for priority: Priority) -> Double {
        let waiting = waiting * Double(span.nanoseconds) / Double(patience.nanoseconds)
        let surplus = priority == .critical ? criticalSurplus : surplus
        return Double(served) + max(surplus * Double(served), waiting)
    }

    func admits(_ rank: Rank) -> Bool { rank.value >= lowest }

    mutating func arrived(_ rank: Rank, patience: TimeSpan, at now: Moment) {
        arrivals[Int(rank.value)] &+= 1
        arrived += 1
        let counted = now - since
        if counted >= Self.window, arrived >= Self.fewest || counted >= Self.longestWindow { turn(patience, at: now) }
    }

    mutating func wasServed() {
        served += 1
    }

    private mutating func turn(_ patience: TimeSpan, at now: Moment) {
        let span = now - since
        var sum = 0.0
        var lowest = Rank.count
        for priority in Priority.allCases.reversed() {
            let budget = Self.budget(served, over: span, patience: patience, for: priority)
            let last = Int(priority.rawValue) * Rank.clients
            while lowest > last, sum < budget {
                lowest -= 1
                sum += Double(arrivals[lowest])
            }
            guard lowest == last else { break }
        }
        self = RankFloor(at: now)
        self.lowest = UInt8(lowest)
    }
}
