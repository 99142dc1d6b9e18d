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
    /// Everybody who serves is in a slow start, has its cap, or was tried already.
    case crowded
    /// Nobody else is left who might answer.
    case suspect
    case lastResort = "last-resort"
}

/// A pool as one worker sees it: its own turn in the balancing, and room for the candidates of a pick. Nothing in it is
/// shared with other workers but the counts of requests in flight.
package struct PoolState {
    let servers: Range<Int>
    let retries: Pool.Retries
    let timeouts: Pool.Timeouts
    var budget: RetryBudget
    private let isBackup: [Bool]
    /// Of all servers of the plan.
    private let inFlight: SharedCounters.Cells
    private let inFlightOwner: SharedCounters
    private var seats: [Seat]
    private var present: Present
    private var balancer: GroupedBalancer
    private var candidates: [Candidate]
    /// The next idempotent request goes there.
    private var trial: ServerID?

    /// The tiers that servers are in, and whether anybody's share is cut: what a pick need not look for.
    private struct Present {
        var spare = false
        var suspect = false
        var out = false
        var cut = false
    }

    /// What a pick reads of a server, side by side in memory.
    private struct Seat {
        let weight: Int32
        var cap: Int32
        var share: UInt16
        var tier: Standing.Tier
    }

    /// Whom a pick asks.
    private struct Pass {
        let first: Standing.Tier
        let last: Standing.Tier
        let countsShares: Bool
        let countsCaps: Bool

        static let serving = Pass(first: .serving, last: .serving, countsShares: true, countsCaps: true)
        static let spare = Pass(first: .spare, last: .spare, countsShares: false, countsCaps: true)
        static let slow = Pass(first: .serving, last: .serving, countsShares: false, countsCaps: true)
        static let crowded = Pass(first: .serving, last: .spare, countsShares: false, countsCaps: false)
        static let suspect = Pass(first: .suspect, last: .suspect, countsShares: false, countsCaps: false)
        static let out = Pass(first: .out, last: .out, countsShares: false, countsCaps: false)
    }

    package init(_ pool: PoolPlan, of plan: Plan, workers: Int, at now: Moment) {
        servers = pool.servers
        retries = pool.pool.retries
        timeouts = pool.pool.timeouts
        budget = RetryBudget(percent: pool.pool.retries.budgetPercent, workers: workers, at: now)
        isBackup = pool.pool.servers.map(\.isBackup)
        inFlightOwner = plan.inFlight
        inFlight = inFlightOwner.cells
        balancer = GroupedBalancer(
            Balancer.Policy(pool.pool.balance), weights: pool.pool.servers.map { Int32($0.weight) })
        candidates = Array(
            repeating: Candidate(weight: 1, inFlight: 0, cap: .max, isOpen: false), count: GroupedBalancer.largestGroup)
        seats = pool.pool.servers.map {
            Seat(weight: Int32($0.weight), cap: .max, share: Standing.wholeShare, tier: .serving)
        }
        present = Present()
        apply(isBackup.map { .healthy(isBackup: $0) })
    }

    /// - Parameter standings: of this pool's servers.
    package mutating func apply(_ standings: [Standing]) {
        // A trial that nobody came for is one of a verdict that is over.
        if let index = trial.map({ $0.index - servers.lowerBound }), standings[index].tier != seats[index].tier {
            trial = nil
        }
        for index in seats.indices {
            seats[index].cap = standings[index].cap
            seats[index].share = standings[index].share
            seats[index].tier = standings[index].tier
        }
        present = Present(
            spare: standings.contains { $0.tier == .spare }, suspect: standings.contains { $0.tier == .suspect },
            out: standings.contains { $0.tier == .out },
            cut: standings.contains { $0.share < Standing.wholeShare })
        balancer.update(weights: seats.map { $0.tier == .serving ? $0.weight : 0 })
    }

    /// The next idempotent request that may be sent twice goes to `server`.
    package mutating func tryOut(_ server: ServerID) {
        trial = server
    }

    /// The server for one request; it is counted as in flight there from now on. Nil when every server was tried.
    ///
    /// - Parameter isSafe: sending it a second time would change nothing.
    package mutating func pick(
        except tried: [ServerID], isSafe: Bool, using random: inout SeededRandom
    ) -> (server: ServerID, why: Choice)? {
        guard let (index, why) = choose(tried, isSafe, &random) else { return nil }
        inFlight.increment(servers.lowerBound + index)
        return (ServerID(index: servers.lowerBound + index), why)
    }

    private mutating func choose(
        _ tried: [ServerID], _ isSafe: Bool, _ random: inout SeededRandom
    ) -> (Int, Choice)? {
        if let trial, isSafe, tried.isEmpty {
            self.trial = nil
            return (trial.index - servers.lowerBound, .trial)
        }
        if let index = pick(.serving, tried, &random) { return (index, isBackup[index] ? .backup : .turn) }
        if present.spare, let index = pick(.spare, tried, &random) { return (index, .backup) }
        if present.cut, let index = pick(.slow, tried, &random) { return (index, .slow) }
        if let index = pick(.crowded, tried, &random) { return (index, .crowded) }
        if present.suspect, let index = pick(.suspect, tried, &random) { return (index, .suspect) }
        if present.out, let index = pick(.out, tried, &random) { return (index, .lastResort) }
        return nil
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
        let isCut = present.cut && pass.countsShares
        for index in group {
            let count = Int32(clamping: inFlight.value(servers.lowerBound + index))
            let seat = seats[index]
            var isOpen = seat.tier >= pass.first && seat.tier <= pass.last
            if isCut, isOpen, seat.share < Standing.wholeShare { isOpen = random.next() & 0xFF < UInt64(seat.share) }
            let cap = pass.countsCaps ? seat.cap : .max
            candidates[index - group.lowerBound] = Candidate(
                weight: seat.weight, inFlight: max(0, count), cap: cap, isOpen: isOpen)
        }
        for server in tried where group.contains(server.index - servers.lowerBound) {
            candidates[server.index - servers.lowerBound - group.lowerBound].isOpen = false
        }
    }
}

extension Balancer.Policy {
    init(_ name: BalanceName) {
        switch name {
        case .roundRobin: self = .roundRobin
        case .leastRequests: self = .leastRequests
        case .p2c: self = .p2c
        case .random: self = .random
        case .first: self = .first
        }
    }
}
