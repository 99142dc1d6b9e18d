/// Recycles joined to leases: the plan says whose turn it is, a lease takes the server out and brings it back, and what
/// happens to the lease moves the plan on.
extension FleetMachine {
    /// Somebody wants these servers of one pool recycled, one after the other.
    ///
    /// - Returns: those that have a clean-up hook and are not planned yet, in the order of their turns.
    public mutating func recycle(
        _ servers: [ServerID], by owner: String, why: String, at now: Moment
    ) -> (outcome: Result<[Recycle], RecycleRefusal>, actions: [FleetAction]) {
        var actions: [FleetAction] = []
        do throws(RecycleRefusal) {
            guard LeaseLimits.isOwner(owner) else { throw .noOwner }
            guard LeaseLimits.isReason(why) else { throw .noReason }
            let able = servers.filter { members[$0.index].recycle != nil }
            guard let first = able.first else { throw .noHook }
            let pool = pool(of: first)
            let fresh = able.filter { !recycles[pool].isPlanned($0) }
            guard !fresh.isEmpty else { throw recycles[pool].recycle(of: first).map { .planned($0) } ?? .noHook }
            for id in fresh {
                let recycle = Recycle(id, .asked(by: owner), why: why, at: now)
                recycles[pool].add(recycle)
                actions.append(.note(.recycle(recycle)))
            }
            beginRecycle(in: pool, at: now, &actions)
            return (.success(fresh.compactMap { recycles[pool].recycle(of: $0) }), actions)
        } catch {
            return (.failure(error), [])
        }
    }

    /// Somebody does not want it any more. One whose hook has begun goes on; of one that went wrong the alarm ends.
    public mutating func callOff(
        _ id: ServerID, by owner: String, at now: Moment
    ) -> (outcome: Result<Recycle, RecycleRefusal>, actions: [FleetAction]) {
        var actions: [FleetAction] = []
        do throws(RecycleRefusal) {
            guard LeaseLimits.isOwner(owner) else { throw .noOwner }
            let pool = pool(of: id)
            guard var recycle = recycles[pool].recycle(of: id) else { throw .notPlanned }
            switch recycle.phase {
            case .over:
                guard members[id.index].recycleWatch.hasFailed else { throw .notPlanned }
                members[id.index].recycleWatch.hasFailed = false
                set(.recycleFailed(id), false, explainedBy: nil, at: now, &actions)
            case .waiting: end(&recycle, .calledOff(by: owner), at: now, &actions)
            case .draining:
                changeLease(of: id, at: now, &actions) { $0.end(.restored(by: owner), at: now) }
                followRecycle(in: pool, at: now, &actions)
            case .hook, .verifying, .overdue, .slowStart: throw .begun(recycle)
            }
            return (.success(recycles[pool].recycle(of: id) ?? recycle), actions)
        } catch {
            return (.failure(error), [])
        }
    }

    /// Of a server: the one that is not over, or else the last one.
    public func recycle(of id: ServerID) -> Recycle? { recycles[pool(of: id)].recycle(of: id) }

    /// Those of a pool that are not over, in the order of their turns.
    public func recycles(of pool: PoolID) -> [Recycle] { recycles[pool.index].active }

    /// The recycle whose hook may be at work on that server.
    func hookRunning(on id: ServerID) -> Recycle? {
        recycles[pool(of: id)].current.flatMap { $0.server == id && $0.phase == .hook ? $0 : nil }
    }

    /// A Bookend before this one took it out. Its hook has its time to end; then, or at the end of the lease, it is checked.
    /// Of one whose hook was over nothing is left to do: it has its time to start.
    mutating func resumeRecycle(_ lease: KeptLease, at now: Moment) {
        let ready = members[lease.server.index].recycle?.ready ?? .zero
        members[lease.server.index].lease?.ready = ready
        let pool = pool(of: lease.server)
        // Of a pool there is one at most, unless somebody has written the file.
        guard lease.left > .zero, recycles[pool].current == nil else { return }
        var recycle = Recycle(resumed: lease.server, lease, at: now)
        recycle.rules = members[lease.server.index].recycle
        recycles[pool].begin(recycle)
    }

    /// That server has left the fleet, and its number may become another's. A hook that runs there runs to its end; nobody
    /// waits for it.
    mutating func forgetRecycle(of id: ServerID, at now: Moment, _ actions: inout [FleetAction]) {
        let pool = pool(of: id)
        if var recycle = recycles[pool].active.first(where: { $0.server == id }) {
            end(&recycle, .notConfigured, at: now, &actions)
        }
        set(.recycleFailed(id), false, explainedBy: nil, at: now, &actions)
        recycles[pool].forget(id)
    }
}

// MARK: - As time passes

extension FleetMachine {
    mutating func tendRecycles(at now: Moment, _ actions: inout [FleetAction]) {
        for pool in pools.indices {
            followRecycle(in: pool, at: now, &actions)
            guard now >= recycles[pool].nextLook else { continue }
            recycles[pool].nextLook = now + RecycleLimits.pace
            watchMemory(in: pool, at: now, &actions)
            beginRecycle(in: pool, at: now, &actions)
            tellWaits(in: pool, at: now, &actions)
        }
    }

    /// The recycle that has begun goes where its lease has gone.
    private mutating func followRecycle(in pool: Int, at now: Moment, _ actions: inout [FleetAction]) {
        guard var recycle = recycles[pool].current else { return }
        let id = recycle.server
        let lease = members[id.index].lease
        switch recycle.phase {
        case .draining:
            switch lease?.state {
            case .asked: break
            case .draining: stopDrain(recycle, at: now, &actions)
            case .out:
                guard let lease, now - lease.since >= RecycleLimits.settle else { return }
                runHook(&recycle, in: pool, at: now, &actions)
            // The others needed it before its hook had begun, or its drain took too long.
            case .verifying, .overdue, .slowStart, .back, nil: drainEnded(recycle, in: pool, at: now, &actions)
            }
        case .hook:
            let patience = recycle.rules?.patience ?? .zero
            if lease?.state != .out || now - recycle.since >= patience {
                hookEnded(recycle, HookResult(.silent, output: ""), at: now, &actions)
            }
        case .verifying, .overdue, .slowStart: followReturn(recycle, lease, in: pool, at: now, &actions)
        case .waiting, .over: break
        }
    }

    private mutating func stopDrain(_ recycle: Recycle, at now: Moment, _ actions: inout [FleetAction]) {
        guard let lease = members[recycle.server.index].lease, now - lease.since >= recycle.rules?.drain ?? .zero else {
            return
        }
        changeLease(of: recycle.server, at: now, &actions) { $0.end(.timeIsUp, at: now) }
    }

    private mutating func runHook(
        _ recycle: inout Recycle, in pool: Int, at now: Moment, _ actions: inout [FleetAction]
    ) {
        guard members[recycle.server.index].seen.inFlight <= 0 else { return }
        // Of 53 bits, which JSON's numbers hold exactly (RFC 8259, section 6).
        let hook = random.next() >> 11
        recycle.hook = hook
        recycle.enter(.hook, at: now)
        recycles[pool].current = recycle
        actions.append(.note(.recycle(recycle)))
        actions.append(.runHook(recycle.server, hook: hook, why: recycle.why))
    }

    private mutating func drainEnded(
        _ recycle: Recycle, in pool: Int, at now: Moment, _ actions: inout [FleetAction]
    ) {
        var recycle = recycle
        switch (members[recycle.server.index].lease ?? members[recycle.server.index].lastLease)?.ending {
        case .restored(let owner): end(&recycle, .calledOff(by: owner), at: now, &actions)
        case .recalled, .saturated:
            recycle.notBefore = now + RecycleLimits.again
            recycle.enter(.waiting(.needed), at: now)
            recycles[pool].putBack(recycle)
            actions.append(.note(.recycle(recycle)))
        case .timeIsUp, .recycled, nil: end(&recycle, .notDrained, at: now, &actions)
        }
    }

    /// The hook's result is there.
    mutating func hookEnded(
        _ id: ServerID, _ hook: UInt64, _ result: HookResult, at now: Moment, _ actions: inout [FleetAction]
    ) {
        // A hook that a Bookend before this one began has a number that this one does not know.
        guard let recycle = hookRunning(on: id), recycle.hook == nil || recycle.hook == hook else { return }
        hookEnded(recycle, result, at: now, &actions)
    }

    /// It is, or will not come.
    private mutating func hookEnded(
        _ recycle: Recycle, _ result: HookResult, at now: Moment, _ actions: inout [FleetAction]
    ) {
        var recycle = recycle
        let id = recycle.server
        recycle.result = result
        recycle.hookEnded = now
        recycle.enter(.verifying, at: now)
        recycles[pool(of: id)].current = recycle
        actions.append(.note(.recycle(recycle)))
        members[id.index].restarted()
        changeLease(of: id, at: now, &actions) { $0.end(.recycled, at: now) }
    }

    private mutating func followReturn(
        _ recycle: Recycle, _ lease: Lease?, in pool: Int, at now: Moment, _ actions: inout [FleetAction]
    ) {
        var recycle = recycle
        let next: Recycle.Phase
        switch lease?.state {
        // Prolonged by somebody: it is out again, for a reason of theirs.
        case .asked, .draining, .out, .verifying: next = .verifying
        case .overdue: next = .overdue
        case .slowStart: next = .slowStart
        case .back, nil: return finish(recycle, in: pool, at: now, &actions)
        }
        guard next != recycle.phase else { return }
        recycle.enter(next, at: now)
        recycles[pool].current = recycle
        actions.append(.note(.recycle(recycle)))
    }

    private mutating func finish(_ recycle: Recycle, in pool: Int, at now: Moment, _ actions: inout [FleetAction]) {
        var recycle = recycle
        let member = members[recycle.server.index]
        let used = member.memory(at: now)?.reading.part ?? 0
        end(&recycle, recycle.outcome(isFull: used >= member.recycle?.memory ?? 1), at: now, &actions)
    }

    /// It is over. What was asked for together with one that went wrong is not done to others.
    private mutating func end(
        _ recycle: inout Recycle, _ outcome: Recycle.Outcome, at now: Moment, _ actions: inout [FleetAction]
    ) {
        let (id, pool) = (recycle.server, pool(of: recycle.server))
        recycle.enter(.over(outcome), at: now)
        recycles[pool].end(recycle)
        actions.append(.note(.recycle(recycle)))
        set(.recycleWaits(id), false, explainedBy: nil, at: now, &actions)
        switch outcome {
        case .calledOff, .stopped, .notNeeded, .notConfigured: return
        case .done:
            // How long one had taken before a restart is not known.
            if let began = recycle.began { recycles[pool].time.see(now - began) }
            members[id.index].recycleWatch.hasFailed = false
            members[id.index].recycleWatch.notBefore = now + RecycleLimits.rest
        case .notDrained, .hookFailed, .noHelp:
            members[id.index].recycleWatch.hasFailed = true
            members[id.index].recycleWatch.notBefore = now + RecycleLimits.afterFailure
            // One that did not come to its end says nothing about the leak: that is still there.
            if recycle.cause.isMemory, outcome != .noHelp { members[id.index].recycleWatch.rearm() }
            for var other in recycles[pool].active where !other.hasBegun && !other.cause.isMemory {
                end(&other, .stopped(by: id), at: now, &actions)
            }
        }
        set(.recycleFailed(id), members[id.index].recycleWatch.hasFailed, explainedBy: nil, at: now, &actions)
    }
}

// MARK: - Whose turn it is

extension FleetMachine {
    private mutating func watchMemory(in pool: Int, at now: Moment, _ actions: inout [FleetAction]) {
        for index in pools[pool].rules.servers {
            let id = ServerID(index: index)
            let planned = recycles[pool].active.first { $0.server == id }
            guard let rules = members[index].recycle else { continue }
            guard let threshold = rules.memory else {
                dropUnneeded(planned, at: now, &actions)
                continue
            }
            guard members[index].lease == nil else { continue }
            let memory = members[index].memory(at: now)
            // Those before it take their time too.
            let needed = recycles[pool].time.usual * Double(recycles[pool].active.count + (planned == nil ? 1 : 0))
            if planned != nil {
                if members[index].recycleWatch.isOver(memory, threshold: threshold, needed: needed) {
                    dropUnneeded(planned, at: now, &actions)
                }
                continue
            }
            guard
                let cause = members[index].recycleWatch.cause(memory, threshold: threshold, needed: needed, at: now)
            else { continue }
            members[index].recycleWatch.disarm()
            let recycle = Recycle(id, cause, why: Self.why(cause), at: now)
            recycles[pool].add(recycle)
            actions.append(.note(.recycle(recycle)))
        }
    }

    /// Of what waits for memory the cause is gone, or a changed configuration does not ask for it any more.
    private mutating func dropUnneeded(_ recycle: Recycle?, at now: Moment, _ actions: inout [FleetAction]) {
        guard var recycle, !recycle.hasBegun, recycle.cause.isMemory else { return }
        members[recycle.server.index].recycleWatch.rearm()
        end(&recycle, .notNeeded, at: now, &actions)
    }

    private static func why(_ cause: Recycle.Cause) -> String {
        switch cause {
        case .asked: ""
        case .full(let used): "\(Int((used * 100).rounded())) % of its memory is in use"
        case .forecast(let left): "its memory is used up in \(Int(left)) s"
        }
    }

    /// The first in line whose server may leave now.
    private mutating func beginRecycle(in pool: Int, at now: Moment, _ actions: inout [FleetAction]) {
        for var recycle in recycles[pool].active where !recycle.hasBegun {
            guard let rules = members[recycle.server.index].recycle else {
                end(&recycle, .notConfigured, at: now, &actions)
                continue
            }
            let wasBlocked = recycle.isBlocked
            let isFirst = isFree(pool) && recycles.count { $0.current != nil } < RecycleLimits.atOnce
            guard isFirst, now >= recycle.notBefore else {
                if isFirst || recycle.phase == .waiting(.turn) { continue }
                recycle.enter(.waiting(.turn), at: now)
                recycles[pool].update(recycle)
                continue
            }
            do throws(LeaseRefusal) {
                try leave(recycle, rules, at: now, &actions)
                recycle.began = now
                recycle.rules = rules
                recycle.enter(.draining, at: now)
                recycles[pool].begin(recycle)
                set(.recycleWaits(recycle.server), false, explainedBy: nil, at: now, &actions)
            } catch {
                recycle.enter(.waiting(Self.wait(for: error)), at: now)
                recycles[pool].update(recycle)
            }
            // The figures of the guard change from second to second; that it refuses is told once.
            guard recycle.hasBegun || recycle.isBlocked != wasBlocked else { continue }
            actions.append(.note(.recycle(recycle)))
        }
    }

    /// Nobody is recycled there, and nobody starts whom a Bookend before this one has recycled.
    private func isFree(_ pool: Int) -> Bool {
        guard recycles[pool].current == nil else { return false }
        return !pools[pool].rules.servers.contains { members[$0].lease?.isRecycle ?? false }
    }

    private mutating func leave(
        _ recycle: Recycle, _ rules: RecycleRules, at now: Moment, _ actions: inout [FleetAction]
    ) throws(LeaseRefusal) {
        let id = recycle.server
        // In slow start it is on its way back from somebody's lease.
        if let lease = members[id.index].lease { throw .leased(lease) }
        let terms = LeaseTerms(recycling: rules, why: recycle.why, isForced: isLastResort(recycle, at: now))
        let (outcome, new) = take(terms, of: id, at: now)
        _ = try outcome.get()
        actions += new
    }

    /// Its memory is nearly gone and more is being used: left alone, the kernel takes it out, with all that is in flight
    /// there. Refusing some requests meanwhile is the smaller evil, as long as somebody is left to serve the others.
    private func isLastResort(_ recycle: Recycle, at now: Moment) -> Bool {
        guard recycle.cause.isMemory, let memory = members[recycle.server.index].memory(at: now),
            memory.reading.headroom < RecycleLimits.lastResort, memory.secondsLeft != nil
        else { return false }
        return !guardFigures(without: recycle.server, at: now).rest.isEmpty
    }

    private static func wait(for refusal: LeaseRefusal) -> Recycle.Wait {
        switch refusal {
        case .leased: .leased
        case .guarded(let figures): .guarded(figures)
        case .trial, .notLeased, .hookRuns, .length, .noOwner, .noReason: .turn
        }
    }

    private mutating func tellWaits(in pool: Int, at now: Moment, _ actions: inout [FleetAction]) {
        for recycle in recycles[pool].active where !recycle.hasBegun {
            let isLate = recycle.blocked.map { now - $0 >= RecycleLimits.waits } ?? false
            set(.recycleWaits(recycle.server), isLate, explainedBy: nil, at: now, &actions)
        }
    }
}
