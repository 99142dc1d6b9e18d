// Is a server slow, compared with its peers and with its own past?
//
// Outlier statistics over peers need five servers; fleets here have two. So a server is slow when its latency is over
// 2.5 times that of the others together, with a difference that chance does not explain (z = 3.09, 1e-3), *and* over
// twice its own past, if that is known. Both growing slower together, a slow database for instance, blames nobody; one
// that always gets the longer requests blames nobody either.
//
// Slowness never ejects: the share is cut to a quarter again and again, down to 1 in 256, as long as the figures say so,
// and doubled as long as they are alike. A trickle keeps the figures fresh. Traffic moves only as far as it helps: a
// peer that grows slow under the load ends the difference that moved it.
//
// Constants: windows of 250 ms, so that four cuts fit into two seconds (control.md, section 2). Looked at: the last two
// windows, or as many as hold five answers, up to ten seconds. The past fades within a minute and is believed after
// 30 s.

/// How fast a server answers, and how much of its share it gets for that.
struct Pace: Sendable, Equatable {
    static let window = TimeSpan.milliseconds(250)
    static let wholeShare = 256
    static let smallestShare = 1
    private static let windows = 40
    private static let fewest = 5.0
    private static let fewestOfPeers = 20.0
    /// Binary logarithms of 2.5, 2 and 1.5.
    private static let slower = 1.32
    private static let slowerThanPast = 1.0
    private static let alike = 0.58
    private static let significance = 3.09
    private static let pastWindows = 240.0
    private static let pastIsKnown = 120

    /// Sums over some windows, in `LogLatency` units.
    struct Sums: Sendable, Equatable {
        var count = 0.0
        var sum = 0.0
        var squares = 0.0

        var mean: Double { sum / count }
        var variance: Double { max(0, squares / count - mean * mean) }

        static func - (left: Sums, right: Sums) -> Sums {
            Sums(count: left.count - right.count, sum: left.sum - right.sum, squares: left.squares - right.squares)
        }

        static func += (left: inout Sums, right: Sums) {
            left.count += right.count
            left.sum += right.sum
            left.squares += right.squares
        }
    }

    /// Of `wholeShare`.
    private(set) var share = wholeShare
    var isWhole: Bool { share == Self.wholeShare }
    private var history: [Sums] = []
    private var current = Sums()
    private var past: Double?
    private var pastLength = 0

    mutating func see(_ delta: Signs) {
        current += Sums(
            count: Double(delta.answered), sum: Double(delta.logSum), squares: Double(delta.logSquares))
    }

    /// A window is over.
    mutating func turn() {
        if isWhole, current.count > 0 {
            past = past.map { $0 + (current.mean - $0) / Self.pastWindows } ?? current.mean
            pastLength = min(pastLength + 1, Self.pastIsKnown)
        }
        history.append(current)
        if history.count > Self.windows { history.removeFirst() }
        current = Sums()
    }

    /// Adds its windows to those of others, the newest first.
    func add(to all: inout [Sums]) {
        for (age, window) in history.reversed().enumerated() {
            if age == all.count { all.append(Sums()) }
            all[age] += window
        }
    }

    /// Cuts or gives back share; true when it changed.
    ///
    /// - Parameter all: the windows of all that have their whole share, this one too if it has, the newest first.
    mutating func judge(among all: [Sums]) -> Bool {
        let before = share
        guard let (own, peers) = compared(all) else {
            // Too few answers to know, for all that is remembered: a larger share brings more of them.
            guard !isWhole, history.count == Self.windows else { return false }
            share = min(Self.wholeShare, share * 2)
            history.removeAll()
            return true
        }
        let difference = (own.mean - peers.mean) / LogLatency.perDoubling
        let error = (own.variance / own.count + peers.variance / peers.count).squareRoot() / LogLatency.perDoubling
        if difference < Self.alike {
            share = min(Self.wholeShare, share * 2)
        } else if difference > Self.slower, difference > Self.significance * error, isSlowerThanItWas(own) {
            share = max(Self.smallestShare, share / 4)
        }
        return share != before
    }

    /// What this one and its peers answered in the same time: in the last two windows, or in as many as hold enough
    /// answers of both. Requests of different kinds come at different times.
    private func compared(_ all: [Sums]) -> (own: Sums, peers: Sums)? {
        var own = Sums()
        var peers = Sums()
        for (age, window) in history.reversed().enumerated() where age < all.count {
            own += window
            peers += isWhole ? all[age] - window : all[age]
            if age >= 1, own.count >= Self.fewest, peers.count >= Self.fewestOfPeers { return (own, peers) }
        }
        return nil
    }

    mutating func giveBack() {
        share = Self.wholeShare
        history.removeAll()
        current = Sums()
    }

    private func isSlowerThanItWas(_ own: Sums) -> Bool {
        guard isWhole, let past, pastLength >= Self.pastIsKnown else { return true }
        return (own.mean - past) / LogLatency.perDoubling > Self.slowerThanPast
    }
}
