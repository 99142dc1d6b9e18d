/// Turns what happens to a fleet into verdicts, and verdicts into what workers pick by. Pure: the same events at the same
/// times with the same seed give the same actions.
public struct FleetMachine: Sendable {
    var members: [FleetMember]
    var pools: [FleetPool]
    /// Of each pool.
    var upkeep: [PoolUpkeep]
    var recycles: [RecyclePlan]
    var alarms = AlarmBook()
    var nextAlarms: Moment
    var random: SeededRandom
    /// What workers pick by now.
    public internal(set) var standings: [Standing] = []
    private var nextTurn: Moment
    private var lastLook: Moment
    /// The earliest that is due.
    private var nextProbe: Moment
    /// Requests ended since the look before, or are in flight.
    private var isBusy = false

    /// - Parameter known: before a restart, in the order of `rules.servers`; empty without any.
    public init(_ rules: FleetRules, known: [FleetRules.Known?], seed: UInt64, at now: Moment) {
        pools = rules.pools.enumerated().map { FleetPool(PoolID(index: $0), $1) }
        upkeep = pools.map { _ in PoolUpkeep() }
        recycles = rules.pools.map { RecyclePlan(slowStart: $0.health.slowStart) }
        nextAlarms = now + AlarmLimits.pace
        var members: [FleetMember] = []
        for pool in rules.pools {
            for index in pool.servers {
                members.append(
                    FleetMember(rules.servers[index], pool, known: index < known.count ? known[index] : nil, at: now))
            }
        }
        self.members = members
        random = SeededRandom(seed: seed)
        nextTurn = now + Pace.window
        lastLook = now
        nextProbe = now
        for index in self.members.indices {
            self.members[index].cap = self.members[index].currentCap(hasPeer: false, at: now)
        }
        standings = Array(repeating: .absent, count: self.members.count)
        for index in pools.indices { stand(index, pools[index].stand(self.members, at: now).standings) }
    }

    public mutating func handle(_ event: FleetEvent, at now: Moment) -> [FleetAction] {
        var actions: [FleetAction] = []
        switch event {
        case .look(let signs): look(signs, at: now, &actions)
        case .lost(let id, let loss): update(id, at: now, &actions) { $0.lost(loss, at: now) }
        case .probed(let id, let result):
            update(id, at: now, &actions) { $0.probed(result, at: now) }
            changeLease(of: id, at: now, &actions) { $0.probed(result, at: now) }
        case .reported(let id, let reading):
            members[id.index].report(reading, at: now)
            limit(pool(of: id), at: now, &actions)
        case .advised(let id, let answer): advise(id, answer, at: now, &actions)
        case .notProbed(let id): update(id, at: now, &actions) { $0.notProbed() }
        case .pressed(let pool, let waiting, let refused):
            upkeep[pool.index].see(waiting: waiting, refused: refused, at: now)
        case .hookEnded(let id, let hook, let result): hookEnded(id, hook, result, at: now, &actions)
        }
        return actions
    }

    func pool(of id: ServerID) -> Int {
        pools.firstIndex { $0.rules.servers.contains(id.index) } ?? 0
    }

    /// When `look` is wanted next, at the latest.
    public var nextLook: Moment {
        let regular = lastLook + (isBusy ? FleetLimits.look : FleetLimits.idleLook)
        return max(lastLook + FleetLimits.shortestLook, min(regular, nextProbe))
    }

    /// Servers have come that are to be probed.
    mutating func hurryLook(at now: Moment) {
        nextProbe = now
    }

    /// One server's news; the others are looked at only if its state changes.
    private mutating func update(
        _ id: ServerID, at now: Moment, _ actions: inout [FleetAction], _ change: (inout ServerHealth) -> Void
    ) {
        let before = members[id.index].health.state
        change(&members[id.index].health)
        probe(id.index, at: now, &actions)
        guard members[id.index].health.state != before else { return }
        noteState(of: id.index, at: now, &actions)
        settle(pool(of: id), at: now, &actions)
    }

    /// What an agent says of its server.
    private mutating func advise(
        _ id: ServerID, _ answer: AgentAnswer, at now: Moment, _ actions: inout [FleetAction]
    ) {
        let before = members[id.index].advice
        members[id.index].take(answer, at: now)
        let advice = members[id.index].advice
        guard advice != before else { return }
        if advice.reason != before.reason { actions.append(.note(.advised(id, advice, isSilent: false))) }
        settle(pool(of: id), at: now, &actions)
    }

    private mutating func look(_ signs: [Signs], at now: Moment, _ actions: inout [FleetAction]) {
        precondition(signs.count == members.count, "one server, one set of signs")
        // Bookend itself was held up, or the machine slept: nobody's silence meanwhile means anything.
        let hasSlept = now - nextLook > FleetLimits.sleep
        let span = now - lastLook
        lastLook = now
        isBusy = signs.contains { $0.inFlight > 0 }
        nextProbe = .distantFuture
        for pool in pools.indices {
            var requests: UInt64 = 0
            var inFlight = 0
            for index in pools[pool].rules.servers {
                let before = members[index].health.state
                let delta = signs[index] - members[index].seen
                members[index].seen = signs[index]
                members[index].pace.see(delta)
                if !hasSlept { members[index].learn(delta, over: span, at: now) }
                members[index].peak.see(delta.inFlight, over: FleetLimits.beforeDeath, at: now)
                members[index].most = max(members[index].most, delta.inFlight)
                inFlight += max(0, delta.inFlight)
                members[index].health.see(delta, hasSlept: hasSlept, at: now)
                if !hasSlept { members[index].health.checkProbe(at: now) }
                requests += delta.answered + delta.failed
                let advice = members[index].advice
                if members[index].forgetsAdvice(at: now), advice.isOut {
                    actions.append(.note(.advised(ServerID(index: index), .none, isSilent: true)))
                }
                probe(index, at: now, &actions)
                if members[index].health.state != before { noteState(of: index, at: now, &actions) }
            }
            if requests > 0 { isBusy = true }
            upkeep[pool].load.see(inFlight: inFlight, at: now)
            tryOut(pools[pool].rules.servers, requests, at: now, &actions)
            if let backup = pools[pool].exercise(requests, members) { actions.append(.tryOut(backup)) }
        }
        if now >= nextTurn { compare(at: now, &actions) }
        tendLeases(at: now, &actions)
        tendRecycles(at: now, &actions)
        // Whoever has left in this look gets nothing any more.
        actions.removeAll { action in
            if case .tryOut(let id) = action { members[id.index].isHeld } else { false }
        }
        if now >= nextAlarms { tendAlarms(at: now, &actions) }
        for pool in pools.indices { settle(pool, at: now, &actions) }
    }

    /// Caps follow what was learned, and patience follows the caps.
    mutating func limit(_ pool: Int, at now: Moment, _ actions: inout [FleetAction]) {
        let hasPeer = pools[pool].rules.servers.contains { members[$0].isPeer }
        for index in pools[pool].rules.servers {
            let cap = members[index].currentCap(hasPeer: hasPeer, at: now)
            guard cap != members[index].cap else { continue }
            members[index].cap = cap
            actions.append(.limit(ServerID(index: index), cap))
        }
        if let patience = pools[pool].newPatience(members) { actions.append(.wait(pools[pool].id, patience)) }
    }

    private mutating func noteState(of index: Int, at now: Moment, _ actions: inout [FleetAction]) {
        let health = members[index].health
        actions.append(.note(.server(ServerID(index: index), health.state, health.cause)))
        guard health.state == .dead else { return }
        members[index].pace.giveBack()
        members[index].restarted()
        // One that is taken out dies of what is done to it, not of its load.
        guard case .probe(.lost, _) = health.cause, !members[index].isHeld, let death = members[index].died(at: now)
        else { return }
        actions.append(
            .note(.diedOfLoad(ServerID(index: index), inFlight: death.inFlight, ceiling: Int(death.ceiling))))
    }

    /// Single requests for suspects, while there are requests.
    private mutating func tryOut(
        _ servers: [Int], _ requests: UInt64, at now: Moment, _ actions: inout [FleetAction]
    ) {
        guard requests > 0 else { return }
        for index in servers where !members[index].isTakenOut && members[index].health.takesTrial(at: now) {
            actions.append(.tryOut(ServerID(index: index)))
        }
    }

    /// Slow servers get less, those that are no longer slow get more.
    private mutating func compare(at now: Moment, _ actions: inout [FleetAction]) {
        nextTurn = now + Pace.window
        for index in members.indices { members[index].pace.turn() }
        for pool in pools {
            let healthy = pool.rules.servers.filter { members[$0].health.state == .healthy }
            // Who is slow is no measure for others.
            var all: [Pace.Sums] = []
            for index in healthy where members[index].pace.isWhole { members[index].pace.add(to: &all) }
            for index in healthy {
                let wasWhole = members[index].pace.isWhole
                guard members[index].pace.judge(among: all) else { continue }
                guard wasWhole || members[index].pace.isWhole else { continue }
                actions.append(.note(.slow(ServerID(index: index), share: members[index].pace.share)))
            }
        }
    }

    private mutating func probe(_ index: Int, at now: Moment, _ actions: inout [FleetAction]) {
        if members[index].health.probeDue <= now {
            let jitter = Double(random.next() >> 11) * 0x1p-53
            if members[index].health.takesProbe(jitter: jitter, at: now) {
                actions.append(.probe(ServerID(index: index)))
            }
        }
        nextProbe = min(nextProbe, members[index].health.probeDue)
    }

    /// What the states of a pool's servers mean for its backups and for picks.
    mutating func settle(_ pool: Int, at now: Moment, _ actions: inout [FleetAction]) {
        if let note = pools[pool].weigh(members, at: now) { actions.append(.note(note)) }
        let (fresh, note) = pools[pool].stand(members, at: now)
        if let note { actions.append(.note(note)) }
        limit(pool, at: now, &actions)
        if stand(pool, fresh) { actions.append(.publish(standings)) }
    }

    /// Takes in the standings of a pool's servers; true when one is another than before.
    @discardableResult
    mutating func stand(_ pool: Int, _ fresh: [Standing]) -> Bool {
        var isNew = false
        for (index, standing) in zip(pools[pool].rules.servers, fresh) where standings[index] != standing {
            standings[index] = standing
            isNew = true
        }
        return isNew
    }
}

// MARK: - For people

extension FleetMachine {
    public func health(of id: ServerID) -> ServerHealth { members[id.index].health }

    /// What it may have in flight, and what says so.
    public func cap(of id: ServerID) -> ServerCap { members[id.index].cap }

    /// What its memory says; of what was reported lately only.
    public func memory(of id: ServerID, at now: Moment) -> ServerMemory? { members[id.index].memory(at: now) }

    /// What its agent has said, as far as it counts.
    public func advice(of id: ServerID) -> AgentAdvice { members[id.index].advice }

    /// What is to be known after a restart.
    public func known(of id: ServerID) -> FleetRules.Known { members[id.index].known }

    public func isPanic(_ pool: PoolID) -> Bool { pools[pool.index].isPanic }
}
