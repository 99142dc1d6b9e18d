public import BookendConfig
public import BookendCore
public import BookendLoop

extension Plan {
    /// Why there is no plan after this one.
    public enum Failure: Error, Sendable, CustomStringConvertible {
        case unresolved(ResolutionFailure)
        /// All numbers are taken.
        case tooManyServers(Int)
        case tooManyPools(Int)

        public var description: String {
            switch self {
            case .unresolved(let failure): "\(failure)"
            case .tooManyServers(let count):
                "more than \(count) servers, those that are leaving counted, need a restart of Bookend"
            case .tooManyPools(let count):
                "more than \(count) pools, those that are leaving counted, need a restart of Bookend"
            }
        }
    }

    /// The plan of a changed configuration. A pool of the same name keeps its number, and so does a server of the same name
    /// and address in it; one with another address is another server. Names are resolved anew, which may take long: not on a
    /// loop's thread. A server that stays keeps its address when the name is not known any more, or has it among others.
    public convenience init(
        _ configuration: Configuration, after last: Plan, vacant: Vacancies
    ) throws(Failure) {
        var numbering = Numbering(after: last, vacant: vacant)
        var numbers: [PoolID] = []
        for pool in configuration.pools {
            let number = try numbering.number(of: pool)
            var servers: [Int] = []
            for server in pool.servers { servers.append(try numbering.add(server, to: number).index) }
            numbering.pools[number.index] = PoolPlan(pool: pool, servers: servers)
            numbers.append(number)
        }
        self.init(
            configuration, pools: numbering.pools, servers: numbering.servers, numbers: numbers, room: last.room,
            inFlight: last.inFlight, generation: last.generation + 1)
    }

    /// The numbers of servers that came with this plan.
    public var joining: [ServerID] {
        liveServers.filter { servers[$0.index].since == generation && generation > 0 }
    }

    /// The numbers of servers that left with this plan.
    public func leaving(_ last: Plan) -> [ServerID] {
        last.liveServers.filter { servers[$0.index].hasLeft }
    }
}

/// Gives out numbers: to whoever stays the old ones, to others those that are vacant or new.
private struct Numbering {
    var pools: [PoolPlan]
    var servers: [ServerPlan]
    private let last: Plan
    private var vacantServers: ArraySlice<ServerID>
    private var vacantPools: ArraySlice<PoolID>

    init(after last: Plan, vacant: Vacancies) {
        self.last = last
        pools = last.pools.map { PoolPlan(pool: $0.pool, servers: []) }
        servers = last.servers.map(\.left)
        vacantServers = vacant.servers[...]
        vacantPools = vacant.pools[...]
    }

    mutating func number(of pool: Pool) throws(Plan.Failure) -> PoolID {
        if let known = last.livePools.first(where: { last.pools[$0.index].pool.name == pool.name }) { return known }
        if let vacant = vacantPools.popFirst() { return vacant }
        guard pools.count < last.room.pools else { throw .tooManyPools(last.room.pools) }
        pools.append(PoolPlan(pool: pool, servers: []))
        return PoolID(index: pools.count - 1)
    }

    mutating func add(_ server: Server, to pool: PoolID) throws(Plan.Failure) -> ServerID {
        let before = pool.index < last.pools.count ? last.pools[pool.index].servers : []
        let known = before.first { last.servers[$0].name == server.name }
        let agent = try resolving { () throws(ResolutionFailure) in try AgentPlan(resolving: server.agent) }
        if let known, let address = address(of: server, before: last.servers[known]) {
            servers[known] = ServerPlan(server, in: pool, since: last.servers[known].since, at: address, agent)
            return ServerID(index: known)
        }
        let address = try resolving { () throws(ResolutionFailure) in try SocketAddress(resolving: server.address) }
        return try place(ServerPlan(server, in: pool, since: last.generation + 1, at: address, agent))
    }

    private func resolving<Value>(_ resolve: () throws(ResolutionFailure) -> Value) throws(Plan.Failure) -> Value {
        do throws(ResolutionFailure) { return try resolve() } catch { throw .unresolved(error) }
    }

    private mutating func place(_ server: ServerPlan) throws(Plan.Failure) -> ServerID {
        if let vacant = vacantServers.popFirst() {
            servers[vacant.index] = server
            return vacant
        }
        guard servers.count < last.room.servers else { throw .tooManyServers(last.room.servers) }
        servers.append(server)
        return ServerID(index: servers.count - 1)
    }

    /// Where a server that stays is asked; nil when it is another one by its address.
    private func address(of server: Server, before: ServerPlan) -> SocketAddress? {
        guard server.address.description == before.address else { return nil }
        guard case .name(let name) = server.address.host else { return before.socketAddress }
        guard case .success(let all) = SocketAddress.resolveAll(host: name, port: server.address.port) else {
            return before.socketAddress
        }
        return all.contains { $0.host == before.socketAddress.host } ? before.socketAddress : nil
    }
}
