/// Alarms: what is wrong with a fleet although its requests may all succeed.
extension FleetMachine {
    /// Those that are open, the oldest first.
    public var openAlarms: [FleetAlarm] { alarms.open }

    /// What the servers in rotation hold without the largest, by what is in flight; nil while nothing is, or as long as it is
    /// not known what they hold and it may be enough.
    public func spareCapacityRatio(of pool: PoolID, at now: Moment) -> Double? {
        let load = upkeep[pool.index].load.present
        let parts = pools[pool.index].rules.servers.filter { members[$0].isEligible }.map { members[$0].holds(at: now) }
        guard load > 0, let largest = parts.map(\.places).max() else { return nil }
        let ratio = Double(parts.reduce(0) { $0 + $1.places } - largest) / load
        return ratio < 1 && parts.contains { $0.isAtLeast } ? nil : ratio
    }

    mutating func tendAlarms(at now: Moment, _ actions: inout [FleetAction]) {
        nextAlarms = now + AlarmLimits.pace
        for pool in pools.indices {
            watchSpare(pool, at: now, &actions)
            watchShares(pool, at: now, &actions)
        }
        for index in members.indices {
            let isPast =
                members[index].lease.map { $0.isHeld && $0.overSince != nil && !$0.isStarting(at: now) } ?? false
            let isForgotten = members[index].pastLease.holds(isPast, for: LeaseLimits.forgotten, at: now)
            set(.forgotten(ServerID(index: index)), isForgotten, explainedBy: nil, at: now, &actions)
        }
    }

    /// A pool that was configured with one server never had a spare: `bookend check` says so.
    private mutating func watchSpare(_ pool: Int, at now: Moment, _ actions: inout [FleetAction]) {
        let servers = pools[pool].rules.servers
        guard servers.count > 1 else { return }
        let eligible = servers.count { members[$0].isEligible }
        let ratio = spareCapacityRatio(of: PoolID(index: pool), at: now) ?? .infinity
        let isOneLeft = upkeep[pool].oneLeft.holds(eligible <= 1, for: AlarmLimits.oneLeft, at: now)
        let isTooLittle = upkeep[pool].tooLittle.holds(ratio < 1, for: AlarmLimits.noSpare, at: now)
        let leased = servers.first { index in
            members[index].lease.map { $0.isHeld && (now < $0.ends || $0.isStarting(at: now)) } ?? false
        }
        set(
            .noSpare(PoolID(index: pool)), isOneLeft || isTooLittle, explainedBy: leased.map { ServerID(index: $0) },
            at: now, &actions)
    }

    private mutating func watchShares(_ pool: Int, at now: Moment, _ actions: inout [FleetAction]) {
        let rules = pools[pool].rules
        guard rules.spreads else { return }
        let whole = rules.servers.filter { index in
            standings[index].tier == .serving && members[index].pace.isWhole && members[index].lease == nil
                && members[index].slowStartShare(at: now) >= 1
        }
        // A cap that was never reached is no measure.
        let isKnown = whole.allSatisfy { !members[$0].holds(at: now).isAtLeast }
        let parts = whole.map { index in
            ShareWatch.Part(
                server: ServerID(index: index), requests: members[index].seen.answered &+ members[index].seen.failed,
                weight: Double(members[index].weight), cap: isKnown ? Double(members[index].holds(at: now).places) : 0)
        }
        let found = upkeep[pool].shares.see(parts, at: now)
        for index in rules.servers {
            let id = ServerID(index: index)
            set(.share(id), id == found, explainedBy: nil, at: now, &actions)
        }
    }

    mutating func closeAlarms(of id: ServerID, at now: Moment, _ actions: inout [FleetAction]) {
        set(.overdue(id), false, explainedBy: nil, at: now, &actions)
        set(.forgotten(id), false, explainedBy: nil, at: now, &actions)
    }

    mutating func set(
        _ kind: FleetAlarm.Kind, _ isOn: Bool, explainedBy: ServerID?, at now: Moment, _ actions: inout [FleetAction]
    ) {
        if let note = alarms.set(kind, isOn, explainedBy: explainedBy, at: now) { actions.append(.note(note)) }
    }
}
