/// One pool's servers together: who serves, who is missing, who steps in.
struct FleetPool: Sendable {
    let id: PoolID
    private(set) var rules: FleetRules.Pool
    /// Of the healthy backups, so many serve; the first ones.
    private(set) var joined = 0
    private(set) var isPanic = false
    private var surplusSince: Moment?
    private var panicSince: Moment?
    private var isPanicNoted = false
    private var untilExercise: Int
    private var nextExercise = 0
    /// As said last.
    private var patience = TimeSpan.zero

    init(_ id: PoolID, _ rules: FleetRules.Pool) {
        self.id = id
        self.rules = rules
        untilExercise = rules.exercise
    }

    /// The configuration changed.
    mutating func follow(_ rules: FleetRules.Pool) {
        if rules.exercise != self.rules.exercise { untilExercise = rules.exercise }
        self.rules = rules
    }

    /// Brings backups in by shortfall, and lets them go.
    mutating func weigh(_ members: [FleetMember], at now: Moment) -> FleetNote? {
        let healthy = rules.servers.filter { members[$0].isBackup && members[$0].isEligible }
        let needed = Self.needed(shortfall(members, at: now), healthy.map { members[$0].strength(at: now) })
        // A backup that died is not one that is not needed.
        joined = min(joined, healthy.count)
        if needed > joined {
            joined = needed
            surplusSince = nil
            return .backupsJoin(id, healthy.prefix(joined).map { ServerID(index: $0) })
        }
        guard needed < joined else {
            surplusSince = nil
            return nil
        }
        guard let since = surplusSince else {
            surplusSince = now
            return nil
        }
        guard now - since >= FleetLimits.backupStay else { return nil }
        joined = needed
        surplusSince = nil
        return joined == 0 ? .backupsLeave(id) : nil
    }

    /// The weight that primaries should carry and cannot.
    private func shortfall(_ members: [FleetMember], at now: Moment) -> Double {
        var sum = 0.0
        for index in rules.servers where !members[index].isBackup {
            sum += Double(members[index].weight) - members[index].strength(at: now)
        }
        return sum
    }

    /// How many backups of these strengths make up for it. A rest below a tenth of a server brings nobody in.
    private static func needed(_ shortfall: Double, _ strengths: [Double]) -> Int {
        var left = shortfall
        var count = 0
        while count < strengths.count, left > FleetLimits.smallestShortfall {
            left -= strengths[count]
            count += 1
        }
        return count
    }

    /// The standings of its servers, in order, and what is to be told.
    mutating func stand(_ members: [FleetMember], at now: Moment) -> (standings: [Standing], note: FleetNote?) {
        var all: [Standing] = []
        all.reserveCapacity(rules.servers.count)
        var backups = 0
        for index in rules.servers {
            if members[index].isBackup, members[index].isEligible { backups += 1 }
            let isSpare = members[index].isBackup && backups > joined
            all.append(members[index].standing(isSpare: isSpare))
        }
        // While nothing is known of anybody, nothing is wrong: requests go to the last resort, which is everybody.
        isPanic =
            !all.contains { $0.tier == .serving || $0.tier == .spare }
            && rules.servers.contains { members[$0].health.state != .starting && !members[$0].isHeld }
        if isPanic { panic(members, &all) }
        return (all, notePanic(at: now))
    }

    /// A moment's panic, as of a single server that pauses, is nothing to wake people for.
    private mutating func notePanic(at now: Moment) -> FleetNote? {
        panicSince = isPanic ? panicSince ?? now : nil
        let isLasting = panicSince.map { now - $0 >= FleetLimits.missing } ?? false
        guard isLasting || !isPanic, isLasting != isPanicNoted else { return nil }
        isPanicNoted = isLasting
        return isLasting ? .panic(id) : .panicOver(id)
    }

    /// Nobody is healthy. Suspects serve, then whoever answers wrongly, and at last all others; of equals, those that
    /// gave a good answer last. Nobody is gone: who waits there has nowhere else to go, and the server may come back.
    private func panic(_ members: [FleetMember], _ all: inout [Standing]) {
        for index in all.indices { all[index].isGone = false }
        let rank = { (index: Int) -> Int in
            switch members[index].health.state {
            // Only its agent holds it back.
            case .healthy, .returning, .suspect: 0
            case .dead where !members[index].health.isGone: 1
            default: 2
            }
        }
        let open = rules.servers.filter { !members[$0].isHeld }
        guard let best = open.map(rank).min() else { return }
        let chosen = open.filter { rank($0) == best }
        let latest = chosen.compactMap { members[$0].health.lastGood }.max()
        for (position, index) in rules.servers.enumerated() where chosen.contains(index) {
            let lastGood = members[index].health.lastGood
            if let latest, lastGood.map({ latest - $0 > FleetLimits.panicWindow }) ?? true { continue }
            all[position].tier = .serving
        }
    }

    /// How long a request may wait in overload, if that has changed: what an answer takes at the server that answers
    /// soonest.
    mutating func newPatience(_ members: [FleetMember]) -> TimeSpan? {
        let eligible = rules.servers.lazy.filter { members[$0].isEligible }
        let places = eligible.reduce(0) { $0 + members[$1].cap.limit }
        guard let least = eligible.map({ members[$0].limiter.patience(places: places) }).min() else { return nil }
        let change = abs(least.nanoseconds - patience.nanoseconds)
        guard change > patience.nanoseconds / FleetLimits.patienceStep else { return nil }
        patience = least
        return least
    }

    /// The backup whose turn it is to get a request, if one is due after so many more.
    mutating func exercise(_ requests: UInt64, _ members: [FleetMember]) -> ServerID? {
        guard rules.exercise > 0, requests > 0 else { return nil }
        untilExercise -= Int(clamping: requests)
        guard untilExercise <= 0 else { return nil }
        untilExercise = rules.exercise
        let idle = rules.servers.filter { members[$0].isBackup && members[$0].isEligible }.dropFirst(joined)
        guard !idle.isEmpty else { return nil }
        nextExercise += 1
        return ServerID(index: idle[idle.startIndex + nextExercise % idle.count])
    }
}
