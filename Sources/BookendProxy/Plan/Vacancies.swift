public import BookendCore

/// Numbers of servers and pools that have left, and that every worker has let go of: free for others.
public struct Vacancies: Sendable, Equatable {
    public private(set) var servers: [ServerID] = []
    public private(set) var pools: [PoolID] = []
    private let workers: Int
    /// By how many workers, of those that not all have let go of.
    private var serversLetGo: [ServerID: Int] = [:]
    private var poolsLetGo: [PoolID: Int] = [:]

    public init(workers: Int) {
        self.workers = workers
    }

    /// A worker has let go of these.
    public mutating func take(_ observations: Observations) {
        for server in observations.vacatedServers {
            if Self.count(server, in: &serversLetGo) == workers {
                serversLetGo[server] = nil
                servers.append(server)
            }
        }
        for pool in observations.vacatedPools {
            if Self.count(pool, in: &poolsLetGo) == workers {
                poolsLetGo[pool] = nil
                pools.append(pool)
            }
        }
    }

    /// These have been given to others.
    public mutating func give(_ plan: Plan) {
        servers.removeAll { !plan.servers[$0.index].hasLeft }
        pools.removeAll { !plan.pools[$0.index].hasLeft }
    }

    private static func count<Number: Hashable>(_ number: Number, in counts: inout [Number: Int]) -> Int {
        counts[number, default: 0] += 1
        return counts[number, default: 0]
    }
}
