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

/// What a worker still holds of servers, pools and listeners that have left.
struct Leaving {
    var servers: [(id: ServerID, until: Moment)] = []
    var pools: [PoolID] = []
    var listeners: [(plan: ListenerPlan, until: Moment)] = []

    var isEmpty: Bool { servers.isEmpty && pools.isEmpty && listeners.isEmpty }
}

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
        replaceListeners(with: next)
    }

    /// A few times a second, while anything is leaving: closes what may not stay any longer, and says what was let go of.
    func tendLeaving() {
        guard !leaving.isEmpty else { return }
        cutOverdue()
        let held = heldNumbers()
        var servers: [ServerID] = []
        for (server, _) in leaving.servers {
            for connection in idle.removeAll(of: server) { connection.close() }
            if !held.servers.contains(server), upstreams[server.index] == 0 { servers.append(server) }
        }
        leaving.servers.removeAll { servers.contains($0.id) }
        let pools = leaving.pools.filter { pool in
            // Who waits for a place may still get one on a server of the pool, as long as there is one.
            !held.pools.contains(pool)
                && !leaving.servers.contains { plan.servers[$0.id.index].pool == pool }
        }
        leaving.pools.removeAll { pools.contains($0) }
        leaving.listeners.removeAll { listener, _ in !hasClients(at: listener) }
        if !servers.isEmpty || !pools.isEmpty { observations.vacated(servers, pools) }
    }

    /// Who is there for longer than a server or a listener that left may be used.
    private func cutOverdue() {
        for (server, until) in leaving.servers where until <= loop.now {
            for exchange in exchanges where exchange.server == server || exchange.upstream?.server == server {
                exchange.cutOff()
            }
        }
        for (listener, until) in leaving.listeners where until <= loop.now { cutOff(at: listener) }
    }

    /// The numbers that exchanges name: where they are, were or are to go.
    private func heldNumbers() -> (servers: Set<ServerID>, pools: Set<PoolID>) {
        var servers: Set<ServerID> = []
        var pools: Set<PoolID> = []
        for exchange in exchanges {
            if let pool = exchange.pool {
                pools.insert(pool)
                // It may still pick any of these.
                if plan.pools[pool.index].hasLeft { servers.formUnion(self.pools[pool.index].numbers) }
            }
            servers.formUnion(exchange.namedServers)
        }
        return (servers, pools)
    }
}

extension Exchange {
    /// Servers that it names, here or in the log's line to come.
    var namedServers: [ServerID] {
        var named = tried
        if let server { named.append(server) }
        if let server = record.server { named.append(server) }
        for index in record.misses.indices {
            if let (server, _) = record.misses[index] { named.append(server) }
        }
        return named
    }

    /// Its server, or the listener that it came by, has left for so long that nobody waits for its end.
    func cutOff() {
        switch phase {
        case .idle, .answering: break
        case .queued: shed(.late)
        case .connecting, .waiting: answer(.responseTimedOut)
        case .responding, .tunnel: abort(.serverTimedOut)
        }
    }
}
