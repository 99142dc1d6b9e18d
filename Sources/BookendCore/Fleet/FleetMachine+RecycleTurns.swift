/// Whose turn it is: what memory asks for, who may leave, and who has waited for too long.
extension FleetMachine {
    mutating func watchMemory(in pool: Int, at now: Moment, _ actions: inout [FleetAction]) {
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
    mutating func beginRecycle(in pool: Int, at now: Moment, _ actions: inout [FleetAction]) {
        for var recycle in recycles[pool].active where !recycle.hasBegun {
            guard let rules = members[recycle.server.index].recycle else {
                end(&recycle, .notConfigured, at: now, &actions)
                continue
            }
            let wasBlocked = recycle.isBlocked
            let isFirst =
                isFree(pool, for: recycle.server) && recycles.count { $0.current != nil } < RecycleLimits.atOnce
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

    /// Nobody else is recycled there, or on the way back from it: also by a Bookend before this one.
    private func isFree(_ pool: Int, for id: ServerID) -> Bool {
        guard recycles[pool].current == nil else { return false }
        return !pools[pool].rules.servers.contains { $0 != id.index && members[$0].lease?.isRecycle ?? false }
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

    mutating func tellWaits(in pool: Int, at now: Moment, _ actions: inout [FleetAction]) {
        for recycle in recycles[pool].active where !recycle.hasBegun {
            let isLate = recycle.blocked.map { now - $0 >= RecycleLimits.waits } ?? false
            set(.recycleWaits(recycle.server), isLate, explainedBy: nil, at: now, &actions)
        }
    }
}
