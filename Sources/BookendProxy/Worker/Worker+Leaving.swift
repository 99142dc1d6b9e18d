import BookendCore
import BookendLoop

/// What a worker still holds of servers, pools and listeners that have left.
struct Leaving {
    var servers: [(id: ServerID, until: Moment)] = []
    var pools: [PoolID] = []
    var listeners: [(plan: ListenerPlan, until: Moment)] = []

    var isEmpty: Bool { servers.isEmpty && pools.isEmpty && listeners.isEmpty }
}

extension Worker {
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

    private func cutOff(at listener: ListenerPlan) {
        for client in connections where client.listener === listener {
            client.exchange?.cutOff()
            client.close()
        }
    }

    private func hasClients(at listener: ListenerPlan) -> Bool {
        connections.contains { $0.listener === listener }
    }

    /// Those that are under way.
    private var exchanges: [Exchange] { connections.compactMap(\.exchange) }

    /// A connection to that server is no more.
    func forgot(_ server: ServerID) {
        upstreams[server.index] -= 1
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
