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
