import BookendConfig
import BookendCore
import BookendProxy

extension FleetRules {
    init(_ plan: Plan) {
        self.init(
            pools: plan.pools.map { pool in
                Pool(
                    servers: pool.servers,
                    health: HealthRules(
                        probes: pool.pool.health.map { HealthRules.Probes(every: $0.every, timeout: $0.timeout) },
                        slowStart: pool.pool.slowStart),
                    exercise: pool.pool.exerciseBackups, isLimited: pool.pool.admission.limiter == .auto,
                    spreads: pool.pool.balance != .first)
            },
            servers: plan.servers.map { server in
                Server(
                    weight: Int(server.weight), isBackup: server.isBackup, cap: server.maxInFlight,
                    recycle: server.recycling.map(RecycleRules.init))
            })
    }
}

extension RecycleRules {
    init(_ recycling: Recycling) {
        self.init(
            drain: recycling.drain, hook: recycling.timeout, ready: recycling.ready,
            memory: recycling.memoryPercent.map { Double($0) / 100 })
    }
}
