public import BookendConfig
public import BookendCore
public import BookendLoop

/// The configuration as workers use it: immutable, with every address resolved and every text ready to be written. A changed
/// configuration is another plan after this one, in which whatever stays has the number that it had (`Plan+After.swift`).
public final class Plan: Sendable {
    public let configuration: Configuration
    /// `PoolID` counts here; also those that have left, until their number is another's.
    public let pools: [PoolPlan]
    /// All servers of all pools, and those that have left; `ServerID` counts here.
    public let servers: [ServerPlan]
    /// As many as the tables hold that all plans of this process share.
    public let room: Room
    /// Requests in flight on each server across all workers, counted from the pick: of all plans of this process.
    public let inFlight: SharedCounters
    /// Plans before this one.
    public let generation: Int
    /// The pools of the configuration, in its order.
    let numbers: [PoolID]

    /// Numbers of servers and pools.
    public struct Room: Sendable, Equatable {
        public let servers: Int
        public let pools: Int
    }

    init(
        _ configuration: Configuration, pools: [PoolPlan], servers: [ServerPlan], numbers: [PoolID], room: Room,
        inFlight: SharedCounters, generation: Int
    ) {
        self.configuration = configuration
        self.pools = pools
        self.servers = servers
        self.numbers = numbers
        self.room = room
        self.inFlight = inFlight
        self.generation = generation
    }

    /// The first one. Resolves names, which may take long: not on a loop's thread.
    public convenience init(_ configuration: Configuration) throws(ResolutionFailure) {
        var pools: [PoolPlan] = []
        var servers: [ServerPlan] = []
        for pool in configuration.pools {
            let first = servers.count
            for server in pool.servers {
                servers.append(
                    ServerPlan(
                        server, in: PoolID(index: pools.count), since: 0,
                        at: try SocketAddress(resolving: server.address), try AgentPlan(resolving: server.agent)))
            }
            pools.append(PoolPlan(pool: pool, servers: Array(first..<servers.count)))
        }
        let room = Room(
            servers: servers.count + max(servers.count, Self.spareServers),
            pools: pools.count + max(pools.count, Self.sparePools))
        self.init(
            configuration, pools: pools, servers: servers, numbers: pools.indices.map { PoolID(index: $0) }, room: room,
            inFlight: SharedCounters(count: room.servers), generation: 0)
    }

    /// Numbers for what may come later, beside those that the first configuration needs: a fleet may double, and a small one
    /// grow to what Bookend is made for five times over. 128 bytes each, and as much again for each worker.
    private static let spareServers = 256
    private static let sparePools = 64

    /// In the order of the configuration.
    public var livePools: [PoolID] { numbers }

    /// In the order of the configuration.
    public var liveServers: [ServerID] {
        numbers.flatMap { pools[$0.index].servers.map { ServerID(index: $0) } }
    }

    /// With the numbers that its pools have here.
    func route(_ route: Route) -> Route { route.leading(to: numbers[route.pool.index]) }
}

public struct PoolPlan: Sendable, Equatable {
    public let pool: Pool
    /// The numbers of its servers, in the order of the configuration; none of a pool that has left.
    public let servers: [Int]

    public var hasLeft: Bool { servers.isEmpty }
}

public struct ServerPlan: Sendable {
    public let name: String
    public let pool: PoolID
    public let socketAddress: SocketAddress
    /// As configured.
    public let address: String
    public let weight: Int32
    public let isBackup: Bool
    /// As configured; nil when it is learned.
    public let maxInFlight: Int?
    /// Nil when it has none that is asked.
    public let agent: AgentPlan?
    /// Nil when it has no clean-up hook.
    public let recycling: Recycling?
    /// The generation of the plan with which it came.
    public let since: Int
    /// It is in the configuration no more, and keeps its number until nobody counts by it.
    public private(set) var hasLeft = false

    init(_ server: Server, in pool: PoolID, since generation: Int, at address: SocketAddress, _ agent: AgentPlan?) {
        name = server.name
        self.pool = pool
        socketAddress = address
        self.address = server.address.description
        weight = Int32(server.weight)
        isBackup = server.isBackup
        maxInFlight = server.maxInFlight
        self.agent = agent
        recycling = server.recycling
        since = generation
    }

    var left: ServerPlan {
        var plan = self
        plan.hasLeft = true
        return plan
    }
}

/// Where a server's agent is asked, and how often.
public struct AgentPlan: Sendable, Equatable {
    public let socketAddress: SocketAddress
    public let every: TimeSpan

    public static func == (left: AgentPlan, right: AgentPlan) -> Bool {
        (left.socketAddress.host, left.socketAddress.port, left.every)
            == (right.socketAddress.host, right.socketAddress.port, right.every)
    }

    init?(resolving agent: AgentCheck?) throws(ResolutionFailure) {
        guard let agent else { return nil }
        socketAddress = try SocketAddress(resolving: agent.address)
        every = agent.every
    }
}

extension SocketAddress {
    public init(resolving endpoint: Endpoint) throws(ResolutionFailure) {
        switch endpoint.host {
        case .any:
            self.init(ipv6: [UInt8](repeating: 0, count: 16), port: endpoint.port)
        case .ipv4(let address):
            let bytes = address.bytes
            self.init(ipv4: (bytes[0], bytes[1], bytes[2], bytes[3]), port: endpoint.port)
        case .ipv6(let address):
            self.init(ipv6: address.bytes, port: endpoint.port)
        case .name(let name):
            self = try SocketAddress.resolve(host: name, port: endpoint.port).get()
        }
    }
}
