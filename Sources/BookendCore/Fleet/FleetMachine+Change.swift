/// The configuration changes while the fleet runs: servers and pools come, go and change. What was learned of those that
/// stay is kept; what is known of those that leave is forgotten, so that their numbers can be given to others.
extension FleetMachine {
    /// - Parameters:
    ///   - rules: those of now. A server and a pool keep their numbers for as long as they live.
    ///   - joining: numbers that belong to servers which were not there before.
    ///   - signs: what was counted of each number until now, in the order of `rules.servers`.
    /// - Returns: what is to be done. New standings are not among it: they reach the workers together with the new numbers.
    public mutating func change(
        to rules: FleetRules, joining: [ServerID], signs: [Signs], at now: Moment
    ) -> [FleetAction] {
        precondition(rules.servers.count >= members.count && rules.pools.count >= pools.count, "numbers do not vanish")
        precondition(signs.count == rules.servers.count, "one server, one set of signs")
        var actions: [FleetAction] = []
        let isNew = joining.reduce(into: Array(repeating: false, count: rules.servers.count)) { $0[$1.index] = true }
        for index in leaving(rules, isNew) { forget(ServerID(index: index), at: now, &actions) }
        for index in members.count..<rules.servers.count {
            members.append(.joining(rules.servers[index], rules.pools[0], seen: signs[index], at: now))
            standings.append(.absent)
        }
        for (number, pool) in rules.pools.enumerated() {
            for index in pool.servers {
                guard isNew[index] else {
                    members[index].follow(rules.servers[index], pool, at: now)
                    let hasFailed = members[index].recycleWatch.hasFailed
                    set(.recycleFailed(ServerID(index: index)), hasFailed, explainedBy: nil, at: now, &actions)
                    continue
                }
                members[index] = .joining(rules.servers[index], pool, seen: signs[index], at: now)
            }
            follow(pool, number, at: now, &actions)
        }
        for pool in pools.indices { resettle(pool, at: now, &actions) }
        hurryLook(at: now)
        return actions
    }

    /// Those that were in a pool and are in none now, or whose number is another's.
    private func leaving(_ rules: FleetRules, _ isNew: [Bool]) -> [Int] {
        let staying = Set(rules.pools.flatMap(\.servers))
        return pools.flatMap(\.rules.servers).filter { !staying.contains($0) || isNew[$0] }
    }

    private mutating func forget(_ id: ServerID, at now: Moment, _ actions: inout [FleetAction]) {
        members[id.index].lease = nil
        members[id.index].lastLease = nil
        for index in members.indices {
            members[index].lease?.forget(id)
            members[index].lastLease?.forget(id)
        }
        forgetRecycle(of: id, at: now, &actions)
        closeAlarms(of: id, at: now, &actions)
        set(.share(id), false, explainedBy: nil, at: now, &actions)
        set(.forced(id), false, explainedBy: nil, at: now, &actions)
        alarms.forget(id)
        standings[id.index] = .absent
    }

    private mutating func follow(
        _ rules: FleetRules.Pool, _ number: Int, at now: Moment, _ actions: inout [FleetAction]
    ) {
        let id = PoolID(index: number)
        guard number < pools.count else {
            pools.append(FleetPool(id, rules))
            upkeep.append(PoolUpkeep())
            recycles.append(RecyclePlan(slowStart: rules.health.slowStart))
            return
        }
        if rules.servers.count <= 1 { set(.noSpare(id), false, explainedBy: nil, at: now, &actions) }
        // One that has left, or another one by its number.
        if rules.servers.isEmpty || pools[number].rules.servers.isEmpty {
            pools[number] = FleetPool(id, rules)
            upkeep[number] = PoolUpkeep()
            recycles[number] = RecyclePlan(slowStart: rules.health.slowStart)
        } else {
            if rules.servers != pools[number].rules.servers { upkeep[number].shares = ShareWatch() }
            pools[number].follow(rules)
        }
    }

    /// As `settle`, without telling the workers.
    private mutating func resettle(_ pool: Int, at now: Moment, _ actions: inout [FleetAction]) {
        if let note = pools[pool].weigh(members, at: now) { actions.append(.note(note)) }
        let (fresh, note) = pools[pool].stand(members, at: now)
        if let note { actions.append(.note(note)) }
        limit(pool, at: now, &actions)
        stand(pool, fresh)
    }
}
