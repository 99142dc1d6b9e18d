public import BookendCore

/// What a worker saw of each server since its last report. The control plane adds the reports up.
public struct Observations: Sendable {
    public struct OfServer: Sendable {
        /// Exchanges that ended, by the class of their status: 1xx to 5xx; 0 for those without a status.
        public var byClass: InlineArray<6, UInt64> = .init(repeating: 0)
        public var connectFailures: UInt64 = 0
        /// Exchanges that the server spoiled: a status of 500 or above, or a response that was late, broken or missing.
        public var errors: UInt64 = 0
        /// Responses whose `endpoint-load-metrics` cannot be read.
        public var unreadableReports: UInt64 = 0
        /// From the request's first byte to the response's head.
        public var latency: LatencyHistogram

        init() {
            latency = LatencyHistogram(precisionBits: Observations.precisionBits)
        }

        public var requests: UInt64 {
            var sum: UInt64 = 0
            for index in byClass.indices { sum += byClass[index] }
            return sum
        }

        mutating func merge(_ other: OfServer) {
            for index in byClass.indices { byClass[index] += other.byClass[index] }
            connectFailures += other.connectFailures
            errors += other.errors
            unreadableReports += other.unreadableReports
            latency.merge(other.latency)
        }
    }

    /// Requests of a pool that found no place, and what was odd about others.
    public struct OfPool: Sendable {
        /// By `Shed`.
        public private(set) var shedByReason: InlineArray<4, UInt64> = .init(repeating: 0)
        /// By `Priority`.
        public private(set) var shedByPriority: InlineArray<3, UInt64> = .init(repeating: 0)
        /// The priority that a trusted proxy gave them is none.
        public fileprivate(set) var unknownPriorities: UInt64 = 0

        public var shed: UInt64 {
            var sum: UInt64 = 0
            for index in shedByPriority.indices { sum += shedByPriority[index] }
            return sum
        }

        mutating func shed(_ reason: Shed, _ priority: Priority) {
            shedByReason[Int(reason.rawValue)] += 1
            shedByPriority[Int(priority.rawValue)] += 1
        }

        mutating func merge(_ other: OfPool) {
            for index in shedByReason.indices { shedByReason[index] += other.shedByReason[index] }
            for index in shedByPriority.indices { shedByPriority[index] += other.shedByPriority[index] }
            unknownPriorities += other.unknownPriorities
        }
    }

    /// 3.1 % of error: a percentile to look at, in 4 KB a server.
    private static let precisionBits = 4

    public private(set) var servers: [OfServer]
    /// Answers of Bookend's own, by the class of their status.
    public private(set) var ownAnswers: InlineArray<6, UInt64> = .init(repeating: 0)
    public var ownAnswerCount: UInt64 {
        var sum: UInt64 = 0
        for index in ownAnswers.indices { sum += ownAnswers[index] }
        return sum
    }

    /// Requests refused for want of Bookend's own memory.
    public private(set) var outOfMemory: UInt64 = 0
    public private(set) var pools: [OfPool]
    /// Numbers of servers and pools that have left, and that this worker has let go of: what it saw of them is all told.
    public private(set) var vacatedServers: [ServerID] = []
    public private(set) var vacatedPools: [PoolID] = []
    public private(set) var isEmpty = true

    public init(servers: Int, pools: Int) {
        self.servers = (0..<servers).map { _ in OfServer() }
        self.pools = Array(repeating: OfPool(), count: pools)
    }

    /// - Parameter other: of as many servers and pools, or of fewer, as before others came.
    public mutating func merge(_ other: Observations) {
        for index in other.servers.indices { servers[index].merge(other.servers[index]) }
        outOfMemory += other.outOfMemory
        for index in other.pools.indices { pools[index].merge(other.pools[index]) }
        for index in ownAnswers.indices { ownAnswers[index] += other.ownAnswers[index] }
        isEmpty = false
    }

    /// The configuration changed: there is room for those who came, and nothing is left of who had their numbers.
    public mutating func follow(_ plan: Plan, after last: Plan) {
        while servers.count < plan.servers.count { servers.append(OfServer()) }
        while pools.count < plan.pools.count { pools.append(OfPool()) }
        for server in plan.joining { servers[server.index] = OfServer() }
        for pool in last.pools.indices where last.pools[pool].hasLeft && !plan.pools[pool].hasLeft {
            pools[pool] = OfPool()
        }
    }

    mutating func vacated(_ servers: [ServerID], _ pools: [PoolID]) {
        vacatedServers += servers
        vacatedPools += pools
        isEmpty = false
    }

    mutating func connectFailed(to server: ServerID) {
        servers[server.index].connectFailures += 1
        isEmpty = false
    }

    mutating func sawUnreadableReport(of server: ServerID) {
        servers[server.index].unreadableReports += 1
        isEmpty = false
    }

    mutating func sawUnknownPriority(in pool: PoolID) {
        pools[pool.index].unknownPriorities += 1
        isEmpty = false
    }

    /// An exchange ended.
    mutating func ended(_ record: AccessRecord, in pool: PoolID?) {
        isEmpty = false
        if record.failure == .outOfMemory { outOfMemory += 1 }
        if let shed = record.shed, let pool { pools[pool.index].shed(shed, record.priority) }
        let statusClass = min(5, record.status / 100)
        guard let server = record.server?.index else {
            ownAnswers[statusClass] += 1
            return
        }
        servers[server].byClass[statusClass] += 1
        if record.isServersFault { servers[server].errors += 1 }
        if let responded = record.responded { servers[server].latency.record(responded - record.began) }
    }
}
