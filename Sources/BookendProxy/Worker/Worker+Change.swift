import BookendConfig
import BookendCore
public import BookendLoop

// A changed configuration comes as a message between two turns of the loop, so that no request sees a half of it. Only what
// changed is touched:
//
//     listener   kept: its socket and its connections stay, and follow the new routes, limits and timeouts from their next
//                request on. New: a socket to accept from. Gone: no longer accepts; connections end with the exchange that
//                they carry, at the latest after `Limits.leaving`.
//     pool       unchanged: nothing. Changed: it picks by a new state, in the turns of which nobody has served yet. Gone: no
//                route leads there; who waits in its line is served as before.
//     server     gone: gets nothing new and keeps no idle connection; what is in flight ends, at the latest after
//                `Limits.leaving`.
//
// A number is let go of when no exchange and no connection of this worker names it any more; when all workers have, it may
// be another's.

extension Worker {
    /// The configuration changed.
    public func change(_ change: WorkerChange) throws(Errno) {
        let last = plan
        report()
        follow(change.plan)
        observations.follow(plan, after: last)
        changePools(from: last)
        let until = loop.now + Limits.leaving
        for server in plan.leaving(last) { leaving.servers.append((server, until)) }
        for pool in last.livePools where plan.pools[pool.index].hasLeft { leaving.pools.append(pool) }
        apply(change.standings)
        if let log = change.log { follow(log) }
        try changeListeners(change.listeners, until: until)
    }

    private func changePools(from last: Plan) {
        for index in plan.pools.indices {
            let pool = plan.pools[index]
            let isNew = index >= last.pools.count || last.pools[index].hasLeft && !pool.hasLeft
            if isNew {
                begin(PoolID(index: index))
            } else if !pool.hasLeft, pool != last.pools[index] {
                follow(PoolID(index: index))
            }
        }
    }

    private func changeListeners(_ sources: [WorkerChange.Source], until: Moment) throws(Errno) {
        // Nobody is taken in any more.
        guard !isDraining else {
            for case .socket(let raw) in sources { _ = FileDescriptor(owning: raw) }
            return
        }
        var next: [ClientListener] = []
        for (listener, source) in zip(plan.configuration.listeners, sources) {
            let fresh = ListenerPlan(listener, of: plan)
            switch source {
            case .socket(let raw): next.append(try ClientListener(FileDescriptor(owning: raw), at: fresh, of: self))
            case .kept(let index):
                let kept = listeners[index]
                lead(from: kept.plan, to: fresh)
                kept.follow(fresh)
                next.append(kept)
            }
        }
        for listener in listeners where !next.contains(where: { $0 === listener }) {
            // Who was on the way in has come to a listener that was there.
            listener.acceptWaiting()
            listener.stop()
            let closing = ListenerPlan(closing: listener.plan)
            lead(from: listener.plan, to: closing)
            leaving.listeners.append((closing, until))
            closeIdle(at: closing)
        }
        self.listeners = next
        roomMayBeThere()
    }
}

// MARK: - Tables and listeners

extension Worker {
    /// There is room for all that `plan` names.
    private func follow(_ plan: Plan) {
        self.plan = plan
        let count = plan.servers.count
        isLossSaid += Array(repeating: false, count: count - isLossSaid.count)
        upstreams += Array(repeating: 0, count: count - upstreams.count)
        standings += Array(repeating: .absent, count: count - standings.count)
        idle.grow(to: count)
    }

    /// A pool that is new, or has the number of one that has left.
    private func begin(_ pool: PoolID) {
        let state = PoolState(plan.pools[pool.index], of: plan, workers: shared.open.count, at: loop.now)
        if pool.index < pools.count {
            pools[pool.index] = state
            lines[pool.index].close()
            lines[pool.index] = line(of: pool)
        } else {
            pools.append(state)
            lines.append(line(of: pool))
        }
    }

    /// A pool has changed.
    private func follow(_ pool: PoolID) {
        let fresh = plan.pools[pool.index]
        pools[pool.index] = PoolState(
            fresh, of: plan, workers: shared.open.count, after: pools[pool.index], at: loop.now)
        lines[pool.index].follow(fresh.pool.admission)
    }

    private func follow(_ output: AccessLogOutput?) {
        log?.flush()
        log = output.map { LogBuffer($0) }
    }

    /// Connections of one listener follow another plan.
    private func lead(from last: ListenerPlan, to next: ListenerPlan) {
        for client in connections where client.listener === last { client.follow(next) }
    }

    /// Whose request is there, or on its way, is still served.
    private func closeIdle(at listener: ListenerPlan) {
        for client in connections where client.listener === listener && client.mayBeGivenUp {
            if !client.stream.hasInput(on: loop.kernel) { client.close() }
        }
    }
}
