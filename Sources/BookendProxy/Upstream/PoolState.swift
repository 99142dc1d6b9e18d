import BookendConfig
package import BookendCore
import BookendLoop

/// Why a request goes to the server that it goes to; the raw value stands in the log.
package enum Choice: String, Sendable {
    /// By the pool's policy.
    case turn
    /// A backup that takes the part of a server that is missing.
    case backup
    /// To see how a suspect, or an idle backup, answers.
    case trial
    /// A slow one, as the others have no room.
    case slow
    /// Nobody else is left who might answer.
    case suspect
    case lastResort = "last-resort"
}

/// What came of looking for a server.
package enum Pick: Sendable, Equatable {
    /// A place on this server is taken.
    case server(ServerID, Choice)
    /// Whoever could take it has as many as it may: it has to wait.
    case full
    /// Every server was tried.
    case nobody
}

/// A pool as one worker sees it: its own turn in the balancing, and room for the candidates of a pick. Nothing in it is
/// shared with other workers but the places on the servers: how many are taken, and how many there are.
package struct PoolState {
    /// The numbers of its servers, by their place in the pool.
    let servers: [Int]
    let retries: Pool.Retries
    let timeouts: Pool.Timeouts
    /// In lower case; empty without one.
    let priorityHeader: [UInt8]
    var budget: RetryBudget
    private let isBackup: [Bool]
    /// As configured.
    private let weights: [Int32]
    /// Of all servers of the plan.
    private let inFlight: SharedCounters.Cells
    private let inFlightOwner: SharedCounters
    private var seats: [Seat]
    private var present: Present
    private var balancer: GroupedBalancer
    private var candidates: [Candidate]
    /// The next idempotent request goes there.
    private var trial: ServerID?

    /// How many servers are in each tier, and how many of those that serve are slow: what a pick need not look for.
    private struct Present {
        var servers: InlineArray<5, Int> = .init(repeating: 0)
        var slow = 0

        subscript(tier: Standing.Tier) -> Int { servers[Int(tier.rawValue)] }
    }

    /// What a pick reads of a server, side by side in memory.
    private struct Seat {
        let number: Int32
        var weight: Int32
        var share: UInt16
        var tier: Standing.Tier

        var isSlow: Bool { tier == .serving && share < Standing.wholeShare }
    }

    /// Whom a pick asks.
    private struct Pass {
        let tier: Standing.Tier
        let countsShares: Bool

        static let serving = Pass(tier: .serving, countsShares: true)
        static let slow = Pass(tier: .serving, countsShares: false)
        static let spare = Pass(tier: .spare, countsShares: false)
        static let suspect = Pass(tier: .suspect, countsShares: false)
        static let out = Pass(tier: .out, countsShares: false)
    }

    /// Workers that pick at the same time may take the last place from each other; then they look again.
    private static let looks = 8

    package init(_ pool: PoolPlan, of plan: Plan, workers: Int, at now: Moment) {
        servers = pool.servers
        retries = pool.pool.retries
        timeouts = pool.pool.timeouts
        priorityHeader = Array((pool.pool.admission.priorityHeader ?? "").utf8)
        budget = RetryBudget(percent: pool.pool.retries.budgetPercent, workers: workers, at: now)
        isBackup = pool.pool.servers.map(\.isBackup)
        weights = pool.pool.servers.map { Int32($0.weight) }
        inFlightOwner = plan.inFlight
        inFlight = inFlightOwner.cells
        balancer = GroupedBalancer(
            Balancer.Policy(pool.pool.balance), weights: weights)
        candidates = Array(
            repeating: Candidate(weight: 1, inFlight: 0, cap: .max, isOpen: false), count: GroupedBalancer.largestGroup)
        seats = zip(pool.servers, weights).map { number, weight in
            Seat(number: Int32(number), weight: weight, share: Standing.wholeShare, tier: .serving)
        }
        present = Present()
        apply(isBackup.map { .healthy(isBackup: $0) })
    }

    /// The same pool by a changed configuration: what its retries have earned is kept.
    init(_ pool: PoolPlan, of plan: Plan, workers: Int, after last: PoolState, at now: Moment) {
        self.init(pool, of: plan, workers: workers, at: now)
        if retries.budgetPercent == last.retries.budgetPercent { budget = last.budget }
    }

    /// - Parameter standings: of this pool's servers.
    package mutating func apply(_ standings: [Standing]) {
        // A trial that nobody came for is one of a verdict that is over.
        if let index = trial.flatMap({ place(of: $0) }), standings[index].tier != seats[index].tier { trial = nil }
        for index in seats.indices {
            seats[index].share = standings[index].share
            seats[index].tier = standings[index].tier
        }
        weigh(standings)
        present = Present()
        for standing in standings { present.servers[Int(standing.tier.rawValue)] += 1 }
        for seat in seats where seat.isSlow { present.slow += 1 }
        balancer.update(weights: seats.map { $0.tier == .serving ? $0.weight : 0 })
    }

    /// What agents say of weights. As configured while they say nothing, so that shares are exact; otherwise as large as
    /// they may be, so that a half of 1 is less than 1.
    private mutating func weigh(_ standings: [Standing]) {
        guard standings.contains(where: { $0.weightPercent != 100 }) else {
            for index in seats.indices { seats[index].weight = weights[index] }
            return
        }
        let wanted = standings.indices.map { Int(weights[$0]) * standings[$0].weightPercent }
        let largest = max(1, wanted.max() ?? 1)
        for index in seats.indices {
            let weight = wanted[index] * Int(Candidate.largestWeight) / largest
            seats[index].weight = Int32(max(1, weight))
        }
    }

    /// The next idempotent request that may be sent twice goes to `server`.
    package mutating func tryOut(_ server: ServerID) {
        if place(of: server) != nil { trial = server }
    }

    var numbers: [ServerID] { servers.map { ServerID(index: $0) } }

    /// Nil for a server that has left.
    private func place(of server: ServerID) -> Int? { servers.firstIndex(of: server.index) }

    /// Some of those that serve get less of the traffic.
    var hasSlow: Bool { present.slow > 0 }

    /// The server for one request; its place there is taken.
    ///
    /// - Parameters:
    ///   - isSafe: sending it a second time would change nothing.
    ///   - isPressed: requests are refused or wait for long, so that a slow answer is better.
    package mutating func pick(
        except tried: [ServerID], isSafe: Bool, isPressed: Bool, using random: inout SeededRandom
    ) -> Pick {
        if let trial, isSafe, tried.isEmpty {
            self.trial = nil
            if inFlight.take(trial.index) { return .server(trial, .trial) }
        }
        for _ in 0..<Self.looks {
            guard let (index, why) = choose(tried, isPressed, &random) else { break }
            let number = Int(seats[index].number)
            if inFlight.take(number) { return .server(ServerID(index: number), why) }
        }
        return known(tried) + left(.leased, tried) < servers.count ? .full : .nobody
    }

    /// Somebody beside `server` was not tried, and may be asked.
    func hasAnother(than server: ServerID, except tried: [ServerID]) -> Bool {
        // One that has left, or that is leased, is none of those that are counted.
        let isCounted = place(of: server).map { seats[$0].tier != .leased } ?? false
        return known(tried) + left(.leased, tried) + (isCounted ? 1 : 0) < servers.count
    }

    /// How many of these are servers of this pool still.
    private func known(_ tried: [ServerID]) -> Int {
        tried.count { place(of: $0) != nil }
    }

    /// Suspects are asked when nobody is left who serves, and those that are out when no suspect is left: not because the
    /// others have no room. Whoever waits for a place has better prospects than with a server that hangs. Nobody asks
    /// those that are leased: somebody is at work on them.
    private mutating func choose(
        _ tried: [ServerID], _ isPressed: Bool, _ random: inout SeededRandom
    ) -> (Int, Choice)? {
        if let index = pick(.serving, tried, &random) { return (index, isBackup[index] ? .backup : .turn) }
        if present[.spare] > 0, let index = pick(.spare, tried, &random) { return (index, .backup) }
        if present.slow > 0, isPressed || !hasWhole(tried), let index = pick(.slow, tried, &random) {
            return (index, .slow)
        }
        if left(.serving, tried) + left(.spare, tried) > 0 { return nil }
        if left(.suspect, tried) > 0 { return pick(.suspect, tried, &random).map { ($0, .suspect) } }
        return pick(.out, tried, &random).map { ($0, .lastResort) }
    }

    /// Somebody serves who is not slow, and was not tried: worth to wait for.
    private func hasWhole(_ tried: [ServerID]) -> Bool {
        var slow = 0
        for server in tried where place(of: server).map({ seats[$0].isSlow }) ?? false { slow += 1 }
        return left(.serving, tried) > present.slow - slow
    }

    /// Servers of that tier that were not tried.
    private func left(_ tier: Standing.Tier, _ tried: [ServerID]) -> Int {
        var count = present[tier]
        for server in tried where place(of: server).map({ seats[$0].tier == tier }) ?? false { count -= 1 }
        return count
    }

    private mutating func pick(_ pass: Pass, _ tried: [ServerID], _ random: inout SeededRandom) -> Int? {
        let first = balancer.nextGroup()
        for offset in 0..<balancer.groupCount {
            let group = (first + offset) % balancer.groupCount
            look(at: balancer.range(ofGroup: group), pass, tried, &random)
            let candidates = candidates
            let looked = candidates.span.extracting(first: balancer.range(ofGroup: group).count)
            if let index = balancer.pick(inGroup: group, from: looked, using: &random) { return index }
        }
        return nil
    }

    private mutating func look(
        at group: Range<Int>, _ pass: Pass, _ tried: [ServerID], _ random: inout SeededRandom
    ) {
        let isCut = present.slow > 0 && pass.countsShares
        for index in group {
            let seat = seats[index]
            let number = Int(seat.number)
            let count = Int32(clamping: inFlight.value(number))
            var isOpen = seat.tier == pass.tier
            if isCut, isOpen, seat.share < Standing.wholeShare { isOpen = random.next() & 0xFF < UInt64(seat.share) }
            let cap = Int32(clamping: inFlight.limit(number))
            candidates[index - group.lowerBound] = Candidate(
                weight: seat.weight, inFlight: max(0, count), cap: cap, isOpen: isOpen)
        }
        for server in tried {
            guard let index = place(of: server), group.contains(index) else { continue }
            candidates[index - group.lowerBound].isOpen = false
        }
    }
}

extension Balancer.Policy {
    init(_ name: BalanceName) {
        switch name {
        case .headroom: self = .headroom
        case .roundRobin: self = .roundRobin
        case .leastRequests: self = .leastRequests
        case .p2c: self = .p2c
        case .random: self = .random
        case .first: self = .first
        }
    }
}
