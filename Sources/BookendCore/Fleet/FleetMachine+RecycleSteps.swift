/// A recycle as time passes: it goes where its lease goes, has its hook run, and ends.
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
    mutating func followRecycle(in pool: Int, at now: Moment, _ actions: inout [FleetAction]) {
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
    mutating func end(
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
