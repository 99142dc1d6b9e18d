public import BookendConfig
public import BookendCore
public import BookendLoop

/// The configuration as workers use it: immutable, with every address resolved and every text ready to be written.
public final class Plan: Sendable {
    public let configuration: Configuration
    public let pools: [PoolPlan]
    /// All servers of all pools; `ServerID` counts here.
    public let servers: [ServerPlan]
    /// Requests in flight on each server across all workers, counted from the pick.
    public let inFlight: SharedCounters

    /// Resolves names, which may take long: not on a loop's thread.
    public init(_ configuration: Configuration) throws(ResolutionFailure) {
        var pools: [PoolPlan] = []
        var servers: [ServerPlan] = []
        for pool in configuration.pools {
            let first = servers.count
            for server in pool.servers {
                servers.append(
                    ServerPlan(
                        name: server.name, pool: PoolID(index: pools.count),
                        socketAddress: try SocketAddress(resolving: server.address),
                        address: server.address.description,
                        weight: Int32(server.weight), isBackup: server.isBackup,
                        maxInFlight: server.maxInFlight,
                        agent: try server.agent.map { agent throws(ResolutionFailure) in
                            AgentPlan(socketAddress: try SocketAddress(resolving: agent.address), every: agent.every)
                        }, recycling: server.recycling))
            }
            pools.append(PoolPlan(pool: pool, servers: first..<servers.count))
        }
        self.configuration = configuration
        self.pools = pools
        self.servers = servers
        inFlight = SharedCounters(count: servers.count)
    }
}

/// A listener's settings, shared by all of its connections to one worker.
final class ListenerPlan: Sendable {
    let routes: [Route]
    let limits: Listener.Limits
    let timeouts: Listener.Timeouts
    private let trustedProxies: [AddressBlock]

    init(_ listener: Listener) {
        // A copy of its own: workers that count references to one array wait for each other.
        routes = listener.routes.map { $0 }
        limits = listener.limits
        timeouts = listener.timeouts
        trustedProxies = listener.trustedProxies
    }

    func trusts(_ peer: HostAddress) -> Bool {
        trustedProxies.contains { block in
            peer.isIPv4
                ? block.contains(IPv4Address(bits: UInt32(truncatingIfNeeded: peer.low)))
                : block.contains(IPv6Address(high: peer.high, low: peer.low))
        }
    }
}

public struct PoolPlan: Sendable {
    public let pool: Pool
    /// Where this pool's servers stand in `Plan.servers`.
    public let servers: Range<Int>
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
}

/// Where a server's agent is asked, and how often.
public struct AgentPlan: Sendable {
    public let socketAddress: SocketAddress
    public let every: TimeSpan
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
