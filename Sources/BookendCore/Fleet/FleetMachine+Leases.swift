/// Maintenance joined to the verdicts: a server is eligible by its health, its lease and its slow start, computed anew
/// whenever one of them changes. Commands are handled one after another, and a server that is asked for counts as gone
/// for the next: two drains of which the rest could bear one never both pass.
extension FleetMachine {
    /// Takes a server out, if the rest of its pool carries the load without it.
    public mutating func take(
        _ terms: LeaseTerms, of id: ServerID, at now: Moment
    ) -> (outcome: Result<Lease, LeaseRefusal>, actions: [FleetAction]) {
        var actions: [FleetAction] = []
        do throws(LeaseRefusal) {
            try Self.check(terms)
            if let lease = members[id.index].lease, lease.state != .slowStart { throw .leased(lease) }
            if let (other, left) = trial(besides: id, at: now) { throw .trial(other, left) }
            let figures = guardFigures(without: id, at: now)
            guard figures.verdict != .refused || terms.isForced else { throw .guarded(figures) }
            let lease = Lease(terms, figures, at: now)
            members[id.index].lease = lease
            leaseChanged(id, lease, at: now, &actions)
            return (.success(lease), actions)
        } catch {
            return (.failure(error), [])
        }
    }

    /// A lease lasts longer, for a reason of its own.
    public mutating func extend(
        _ id: ServerID, by span: TimeSpan, owner: String, why: String, at now: Moment
    ) -> (outcome: Result<Lease, LeaseRefusal>, actions: [FleetAction]) {
        var actions: [FleetAction] = []
        do throws(LeaseRefusal) {
            try Self.check(owner: owner, why: why)
            guard var lease = members[id.index].lease else { throw .notLeased }
            if let recycle = hookRunning(on: id) { throw .hookRuns(since: recycle.since) }
            // The end of its hook would bring the server back all the same.
            if lease.isRecycle, !lease.isOver { throw .leased(lease) }
            try lease.extend(by: span, owner: owner, why: why, at: now)
            members[id.index].lease = lease
            actions.append(.note(.extended(id, lease)))
            closeAlarms(of: id, at: now, &actions)
            return (.success(lease), actions)
        } catch {
            return (.failure(error), [])
        }
    }

    /// Somebody wants the server back before the end. One that is on its way already goes on.
    public mutating func restore(
        _ id: ServerID, by owner: String, at now: Moment
    ) -> (outcome: Result<Lease, LeaseRefusal>, actions: [FleetAction]) {
        var actions: [FleetAction] = []
        guard let lease = members[id.index].lease else { return (.failure(.notLeased), []) }
        if let recycle = hookRunning(on: id) { return (.failure(.hookRuns(since: recycle.since)), []) }
        changeLease(of: id, at: now, &actions) { $0.end(.restored(by: owner), at: now) }
        return (.success(members[id.index].lease ?? members[id.index].lastLease ?? lease), actions)
    }

    /// Leases from before a restart are as they were, minus the time that passed. To be called before anybody picks; gives
    /// what workers have to be told before their first pick.
    public mutating func resume(_ kept: [KeptLease], at now: Moment) -> [FleetAction] {
        var actions: [FleetAction] = []
        for lease in kept where members.indices.contains(lease.server.index) {
            members[lease.server.index].lease = Lease(lease, state: .out, at: now)
            if lease.isRecycle { resumeRecycle(lease, at: now) }
            set(.forced(lease.server), lease.isForced, explainedBy: nil, at: now, &actions)
        }
        for pool in pools.indices { settle(pool, at: now, &actions) }
        return actions
    }

    /// The same when they become known only while requests are sent: what is in flight there ends first. A server that
    /// somebody took out meanwhile keeps its newer lease.
    public mutating func resumeLate(_ kept: [KeptLease], at now: Moment) -> [FleetAction] {
        var actions: [FleetAction] = []
        for lease in kept where members.indices.contains(lease.server.index) && members[lease.server.index].lease == nil
        {
            // Of a recycle the hook runs, perhaps: that was not begun before the server was out.
            members[lease.server.index].lease = Lease(lease, state: lease.isRecycle ? .out : .draining, at: now)
            if lease.isRecycle { resumeRecycle(lease, at: now) }
            guard let late = members[lease.server.index].lease else { continue }
            leaseChanged(lease.server, late, at: now, &actions)
        }
        return actions
    }

    public func lease(of id: ServerID) -> Lease? { members[id.index].lease }

    /// The last one of that server, which is over.
    public func lastLease(of id: ServerID) -> Lease? { members[id.index].lastLease }

    public var hasLeases: Bool { members.contains { $0.lease != nil } }

    /// What is to be known after a restart.
    public func keptLeases(at now: Moment) -> [KeptLease] {
        members.indices.compactMap { keptLease(of: ServerID(index: $0), at: now) }
    }

    /// Nil when nothing of it is to be known after a restart.
    public func keptLease(of id: ServerID, at now: Moment) -> KeptLease? {
        members[id.index].lease?.kept(of: id, at: now)
    }

    /// What the rest of its pool would hold without this server.
    public func guardFigures(without id: ServerID, at now: Moment) -> GuardFigures {
        let pool = pool(of: id)
        var rest: [GuardFigures.Part] = []
        var absent: [GuardFigures.Absent] = []
        for index in pools[pool].rules.servers where index != id.index {
            let server = ServerID(index: index)
            if let lease = members[index].lease, lease.state != .slowStart {
                absent.append(GuardFigures.Absent(server: server, reason: .leased))
            } else if members[index].isEligible {
                let (cap, isAtLeast) = members[index].holds(at: now)
                rest.append(GuardFigures.Part(server: server, cap: cap, isAtLeast: isAtLeast))
            } else {
                absent.append(GuardFigures.Absent(server: server, reason: .health(members[index].health.state)))
            }
        }
        return GuardFigures(
            rest: rest, absent: absent, isServing: members[id.index].isEligible,
            carried: max(members[id.index].seen.inFlight, members[id.index].peak.value), load: upkeep[pool].load)
    }
}

// MARK: - As time passes

extension FleetMachine {
    mutating func tendLeases(at now: Moment, _ actions: inout [FleetAction]) {
        for pool in pools.indices {
            let servers = pools[pool].rules.servers
            for index in servers where members[index].lease != nil {
                let id = ServerID(index: index)
                let (rules, inFlight) = (members[index].health.rules, members[index].seen.inFlight)
                let saturation = saturation(of: id, in: pool, at: now)
                changeLease(of: id, at: now, &actions) {
                    $0.look(inFlight: inFlight, saturation: saturation, rules, at: now)
                }
                let state = members[index].lease?.state
                if state == .verifying || state == .overdue { members[index].health.hurryProbe(at: now) }
            }
            recall(in: pool, at: now, &actions)
        }
    }

    /// Something happens to a lease; what follows when its state changes.
    mutating func changeLease(
        of id: ServerID, at now: Moment, _ actions: inout [FleetAction], _ change: (inout Lease) -> Void
    ) {
        guard var lease = members[id.index].lease else { return }
        let before = lease.state
        change(&lease)
        members[id.index].lease = lease
        guard lease.state != before else { return }
        if lease.state == .back {
            members[id.index].lease = nil
            members[id.index].lastLease = lease
        }
        leaseChanged(id, lease, at: now, &actions)
    }

    private mutating func leaseChanged(
        _ id: ServerID, _ lease: Lease, at now: Moment, _ actions: inout [FleetAction]
    ) {
        // What it did before it left says little of what it does when it is back.
        if lease.state == .out { members[id.index].pace.giveBack() }
        actions.append(.note(.lease(id, lease)))
        set(.forced(id), lease.isForced && lease.isHeld, explainedBy: nil, at: now, &actions)
        set(.overdue(id), lease.state == .overdue, explainedBy: nil, at: now, &actions)
        if !lease.isHeld { set(.forgotten(id), false, explainedBy: nil, at: now, &actions) }
        settle(pool(of: id), at: now, &actions)
    }

    /// A server of the same pool whose trial is under way, and how long that takes at most.
    private func trial(besides id: ServerID, at now: Moment) -> (ServerID, TimeSpan)? {
        for index in pools[pool(of: id)].rules.servers where members[index].lease?.state == .asked {
            return (ServerID(index: index), members[index].lease?.trialLeft(at: now) ?? .zero)
        }
        return nil
    }

    /// The first sign that the others have too many without the server that is being tried.
    private func saturation(of id: ServerID, in pool: Int, at now: Moment) -> Lease.Need? {
        guard let lease = members[id.index].lease, lease.state == .asked, let figures = lease.figures else {
            return nil
        }
        if let lost = figures.rest.first(where: { !members[$0.server.index].isEligible }) { return .lost(lost.server) }
        return upkeep[pool].saturation(since: lease.since, at: now)
    }

    /// A server that is well is called back when the others need it. One at a time: the next only when that did not help.
    private mutating func recall(in pool: Int, at now: Moment, _ actions: inout [FleetAction]) {
        let servers = pools[pool].rules.servers
        let isOneReturning = servers.contains { index in
            switch members[index].lease?.state {
            case .verifying, .slowStart: true
            default: false
            }
        }
        guard !isOneReturning else { return }
        for index in servers where members[index].health.state == .healthy {
            guard let lease = members[index].lease, lease.mayRecall, hookRunning(on: ServerID(index: index)) == nil,
                lease.state == .out || lease.state == .draining,
                let need = need(of: lease, in: pool, at: now)
            else { continue }
            changeLease(of: ServerID(index: index), at: now, &actions) { $0.end(.recalled(need), at: now) }
            return
        }
    }

    private func need(of lease: Lease, in pool: Int, at now: Moment) -> Lease.Need? {
        let others = pools[pool].rules.servers.filter { members[$0].lease == nil }
        if let need = upkeep[pool].need(since: lease.began, at: now) { return need }
        // A suspect of a moment, as of a pause, needs nobody.
        let lost = others.first { index in
            let health = members[index].health
            guard health.since > lease.began else { return false }
            return health.state == .dead || health.state == .suspect && now - health.since >= FleetLimits.missing
        }
        return lost.map { .lost(ServerID(index: $0)) }
    }

    private static func check(_ terms: LeaseTerms) throws(LeaseRefusal) {
        guard LeaseLimits.lengths.contains(terms.length) else { throw .length(terms.length) }
        try check(owner: terms.owner, why: terms.why)
    }

    private static func check(owner: String, why: String) throws(LeaseRefusal) {
        guard LeaseLimits.isOwner(owner) else { throw .noOwner }
        guard LeaseLimits.isReason(why) else { throw .noReason }
    }
}
