import BookendCore

/// Operators who want servers recycled, and hooks that clean up, fail, hang, or are forgotten by a Bookend that restarts.
extension FleetSchedule {
    /// A hook that runs: it stops the server, or not, and ends at a time, or never.
    struct RunningHook {
        let server: ServerID
        let hook: UInt64
        let ends: Moment?
        let result: HookResult
    }

    static let recycling = RecycleRules(
        drain: .seconds(2), hook: .seconds(2), ready: .seconds(2), memory: 0.85)

    mutating func recycle() {
        let one = ServerID(index: Int.random(in: servers.indices, using: &random))
        let wanted = Bool.random(using: &random) ? [one] : servers.indices.map { ServerID(index: $0) }
        perform(fleet.recycle(wanted, by: "ada", why: "test", at: now).actions)
    }

    /// A server says how full its memory is; more than the threshold every second time.
    mutating func fill() {
        let id = ServerID(index: Int.random(in: servers.indices, using: &random))
        guard let reading = MemoryReading(used: Double.random(in: 0.7...1, using: &random) * 1e9, limit: 1e9) else {
            return
        }
        perform(fleet.handle(.reported(id, reading), at: now))
    }

    mutating func callOff() {
        let id = ServerID(index: Int.random(in: servers.indices, using: &random))
        let (outcome, actions) = fleet.callOff(id, by: "ada", at: now)
        perform(actions)
        guard case .success(let recycle) = outcome else { return }
        if recycle.phase == .hook { problem = "a recycle whose hook runs was called off" }
    }

    /// Those that ended by now are told; of some nothing is ever heard.
    mutating func runHooks() {
        for running in hooks where running.ends.map({ $0 <= now }) ?? false {
            hooks.removeAll { $0.hook == running.hook }
            if servers[running.server.index].mode == .down { enter(.well, running.server.index) }
            perform(fleet.handle(.hookEnded(running.server, hook: running.hook, running.result), at: now))
        }
    }

    mutating func begin(_ id: ServerID, _ hook: UInt64) {
        if hooks.contains(where: { $0.server == id && $0.ends != nil }) { problem = "two hooks on \(id)" }
        if fleet.lease(of: id)?.state != .out { problem = "a hook on \(id), which is not out" }
        if servers[id.index].signs.inFlight > 0 { problem = "a hook cuts off what is in flight on \(id)" }
        let isHeard = Int.random(in: 0..<8, using: &random) > 0
        let length = TimeSpan.milliseconds(Int64.random(in: 0...2_000, using: &random))
        let ending: HookResult.Ending = [.code(0), .code(0), .code(1), .timedOut].randomElement(using: &random)!
        hooks.append(
            RunningHook(
                server: id, hook: hook, ends: isHeard ? now + length : nil, result: HookResult(ending, output: "")))
        if Bool.random(using: &random), isHeard { enter(.down, id.index) }
    }

    /// A lease that a recycle has taken; one at a time, by a guard that passed.
    mutating func checkRecycle(_ lease: Lease, _ id: ServerID) {
        guard lease.isRecycle else { return }
        if lease.state == .draining || lease.state == .asked, leases[id.index] != lease.ends {
            let missing = servers.indices.filter { index in
                index != id.index
                    && fleet.lease(of: ServerID(index: index)).map { $0.state != .slowStart } ?? false
            }
            // By the verdicts of this moment: they are published after it.
            let serving = servers.indices.map { index in
                let state = fleet.health(of: ServerID(index: index)).state
                return (state == .healthy || state == .returning) && !fleet.advice(of: ServerID(index: index)).isOut
            }
            checkGuard(of: lease, id, serving, missing)
            leases[id.index] = lease.ends
        }
        // It is over before its time: whoever is well has to be back.
        if lease.state == .verifying { leases[id.index] = now }
    }

    mutating func checkRecycles() {
        let begun = servers.indices.filter { index in
            fleet.recycle(of: ServerID(index: index))?.hasBegun ?? false
        }
        if begun.count > 1 { problem = "recycled at a time: \(begun)" }
        let held = servers.indices.filter { index in
            fleet.lease(of: ServerID(index: index)).map { $0.isRecycle && $0.state == .out && $0.ends > now } ?? false
        }
        if held.count > 1 { problem = "out for a recycle at a time: \(held)" }
    }
}

extension FleetMachine {
    /// Of those that have not begun.
    mutating func callOffWaiting(at now: Moment) -> [FleetAction] {
        recycles(of: PoolID(index: 0)).filter { !$0.hasBegun }
            .flatMap { callOff($0.server, by: "ada", at: now).actions }
    }
}
