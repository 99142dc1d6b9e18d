public import BookendConfig
public import BookendCore
import BookendHTTP
public import BookendLoop

/// One loop of the data plane: its clients, its connections to servers, its turn in the balancing. Nothing is shared
/// with other workers but the counts of requests in flight and of connections per client.
public final class Worker {
    /// What workers have in common.
    public struct Shared: Sendable {
        public let plan: Plan
        public let clients: ClientTable
        /// Client connections of each worker.
        public let open: SharedCounters
        /// Connections that one worker may hold on the clients' side.
        public let connections: Int
        /// What the buffers of one worker may hold.
        public let buffers: BufferShare
        /// What they hold, in bytes, of each worker.
        public let held: SharedCounters
        public let log: AccessLogOutput?
        public let signs: SharedSigns
        public let waiting: WaitingCounts
        /// Of clients' ranks; the same for all workers.
        public let rankSeed: UInt64
        /// By which to pick from the first request on.
        public let standings: [Standing]
        /// Takes the observations, from any thread.
        public let report: @Sendable (Observations) -> Void
        /// Is told at once that a request lost its connection, from any thread.
        public let lost: @Sendable (ServerID, Loss) -> Void
        /// Lets the worker of that index know that there is a free place.
        public let knock: @Sendable (_ worker: Int, PoolID) -> Void

        public init(
            plan: Plan, clients: ClientTable, open: SharedCounters, connections: Int, buffers: BufferShare,
            held: SharedCounters, log: AccessLogOutput?,
            signs: SharedSigns, waiting: WaitingCounts, rankSeed: UInt64, standings: [Standing],
            report: @escaping @Sendable (Observations) -> Void,
            lost: @escaping @Sendable (ServerID, Loss) -> Void,
            knock: @escaping @Sendable (_ worker: Int, PoolID) -> Void
        ) {
            self.plan = plan
            self.clients = clients
            self.open = open
            self.connections = connections
            self.buffers = buffers
            self.held = held
            self.log = log
            self.signs = signs
            self.waiting = waiting
            self.rankSeed = rankSeed
            self.knock = knock
            self.standings = standings
            self.report = report
            self.lost = lost
        }
    }

    /// Idle clients are looked for among this many, so that making room costs little.
    private static let idleSearch = 64

    public let loop: Loop
    var plan: Plan
    /// The counts of every plan.
    let inFlight: SharedCounters.Cells
    let clients: ClientTable
    let signs: SignCells
    private let waiting: WaitingCounts.Look
    /// What the configuration does not name any more, and is still in use here.
    var leaving = Leaving()
    /// Connections to each server, idle ones and those that nobody waits for included.
    var upstreams: [Int]
    // Unchecked: a pick calls policies only, which know nothing of the worker (measured: docs/performance.md).
    @exclusivity(unchecked) var pools: [PoolState]
    /// One for each pool.
    @exclusivity(unchecked) var lines: [PoolLine] = []
    var idle: IdleConnections
    var random: SeededRandom
    var clock = WallClock()
    var observations: Observations
    private(set) var isDraining = false

    let shared: Shared
    private let index: Int
    var listeners: [ClientListener] = []
    private(set) var connections: [ClientConnection] = []
    private var free: [Exchange] = []
    private var searchedUntil = 0
    /// As published last.
    var standings: [Standing]
    /// The fleet knows of a lost connection to this server, and has not changed its verdicts since.
    var isLossSaid: [Bool]
    /// Connections wait to be accepted, or may: there was no room for one more.
    private var isFull = false
    var log: LogBuffer?
    private var reporter: Reporter?
    private var drained: () -> Void = {}

    /// - Parameters:
    ///   - index: among the workers, from 0.
    ///   - seed: for the choices of policies and for request ids.
    public init(_ shared: Shared, index: Int, on loop: Loop, seed: UInt64) {
        self.shared = shared
        self.index = index
        self.loop = loop
        plan = shared.plan
        inFlight = plan.inFlight.cells
        clients = shared.clients
        signs = shared.signs.cells(of: index)
        waiting = shared.waiting.look
        pools = plan.pools.map { PoolState($0, of: shared.plan, workers: shared.open.count, at: loop.now) }
        let standings = shared.standings
        self.standings = standings
        for index in pools.indices { pools[index].apply(pools[index].servers.map { standings[$0] }) }
        isLossSaid = Array(repeating: false, count: plan.servers.count)
        upstreams = Array(repeating: 0, count: plan.servers.count)
        idle = IdleConnections(servers: plan.servers.count)
        observations = Observations(servers: plan.servers.count, pools: plan.pools.count)
        random = SeededRandom(seed: seed)
        if let output = shared.log { log = LogBuffer(output) }
        clock.update(at: loop.now, on: loop.kernel)
        reporter = Reporter(self)
        lines = plan.pools.indices.map { line(of: PoolID(index: $0)) }
        loop.turnEnded = { [unowned self] in turnEnded() }
    }

    /// Begins to accept on a socket of `listener`.
    public func listen(on socket: consuming FileDescriptor, for listener: Listener) throws(Errno) {
        listeners.append(try ClientListener(socket, at: ListenerPlan(listener, of: plan), of: self))
    }

    /// Takes no more connections, closes idle ones, lets exchanges end; then calls `drained` once.
    public func drain(_ drained: @escaping () -> Void) {
        guard !isDraining else { return }
        isDraining = true
        self.drained = drained
        for listener in listeners { listener.stop() }
        listeners.removeAll()
        // Whose request is already there is still served.
        for client in connections where client.isIdle && !client.stream.hasInput(on: loop.kernel) { client.close() }
        finishDraining()
    }

    /// Sends off what was observed and logged.
    public func report() {
        log?.flush()
        shared.held.cells.set(loop.buffers.bytesInUse, of: index)
        guard !observations.isEmpty else { return }
        shared.report(observations)
        observations = Observations(servers: plan.servers.count, pools: plan.pools.count)
    }

    func line(of pool: PoolID) -> PoolLine {
        PoolLine(
            pool, plan.pools[pool.index].pool.admission, limit: shared.connections,
            shared.waiting.part(of: index, in: pool), of: self)
    }

    private func turnEnded() {
        clock.update(at: loop.now, on: loop.kernel)
        log?.flush()
    }

    private func finishDraining() {
        guard isDraining, connections.isEmpty else { return }
        report()
        // What holds this worker, and is held by it.
        free.removeAll()
        for connection in idle.removeAll() { connection.close() }
        drained()
        drained = {}
    }
}

// MARK: - Clients

extension Worker {
    func add(_ descriptor: consuming FileDescriptor, from peer: HostAddress, at listener: ListenerPlan) {
        guard connections.count < shared.connections || closeIdleClient() else { return }
        guard clients.admit(peer, limit: listener.limits.connectionsPerClient, at: loop.now) else { return }
        let client = ClientConnection(descriptor, from: peer, at: listener, of: self)
        do throws(Errno) {
            try loop.add(client, stream: client.stream.raw)
        } catch {
            return clients.release(peer)
        }
        shared.open.increment(index)
        client.slot = connections.count
        connections.append(client)
        client.waitForRequest()
    }

    func remove(_ client: ClientConnection) {
        guard client.slot < connections.count, connections[client.slot] === client else { return }
        loop.remove(client)
        clients.release(client.peer)
        shared.open.decrement(index)
        let last = connections.removeLast()
        if last !== client {
            last.slot = client.slot
            connections[client.slot] = last
        }
        roomMayBeThere()
        finishDraining()
    }

    /// True when one more connection can be taken, or an idle one can be given up for it. Whether one waits is not known
    /// yet, so none is given up here.
    func hasRoom() -> Bool {
        isFull = connections.count >= shared.connections && idleClient() == nil
        return !isFull
    }

    /// A connection ended, or has become idle.
    func roomMayBeThere() {
        guard isFull else { return }
        isFull = false
        for listener in listeners { loop.resumeLater(listener) }
    }

    @discardableResult
    func closeIdleClient() -> Bool {
        guard let client = idleClient() else { return false }
        client.close()
        return true
    }

    private func idleClient() -> ClientConnection? {
        for _ in 0..<min(Self.idleSearch, connections.count) {
            searchedUntil = searchedUntil < connections.count ? searchedUntil : 0
            if connections[searchedUntil].mayBeGivenUp { return connections[searchedUntil] }
            searchedUntil += 1
        }
        return nil
    }
}

// MARK: - Exchanges

extension Worker {
    /// How much of a body is read at once.
    var readSize: BufferSize { shared.buffers.readSize(holding: loop.buffers.bytesInUse) }

    /// Slow connections hold the memory: nothing more is begun.
    var isShortOfMemory: Bool { shared.buffers.isShort(holding: loop.buffers.bytesInUse) }

    func exchange(for listener: ListenerPlan) -> Exchange {
        let exchange = free.popLast() ?? Exchange(of: self)
        exchange.request.limits = HeadLimits(
            bytes: listener.limits.head.bytes, fields: listener.limits.fields, target: Limits.target)
        return exchange
    }

    func keep(_ exchange: Exchange) {
        exchange.request.reset()
        free.append(exchange)
    }

    /// An exchange is over: it is observed and logged.
    func note(_ exchange: Exchange) {
        guard let client = exchange.client else { return }
        observations.ended(exchange.record, in: exchange.pool)
        log?.write(AccessLine(exchange: exchange, client: client, now: loop.now), on: loop)
    }
}

// MARK: - Servers

extension Worker {
    func pick(from pool: PoolID, except tried: [ServerID], isSafe: Bool) -> Pick {
        let pick = pools[pool.index].pick(
            except: tried, isSafe: isSafe, isPressed: pools[pool.index].hasSlow && lines[pool.index].isPressed,
            using: &random)
        if case .server(let server, _) = pick { signs.began(server, at: loop.now) }
        return pick
    }

    /// A request gives its place back, which it had since `placed`.
    func free(_ server: ServerID, of pool: PoolID, since placed: Moment, wasAnswered: Bool) {
        let now = loop.now
        inFlight.decrement(server.index)
        signs.ended(server, after: now - placed, at: now)
        if waiting.anybody(in: pool) { lines[pool.index].placeFreed(wasAnswered: wasAnswered, using: &random) }
    }

    /// There may be more places than there were.
    public func serve() {
        for line in lines { line.serveSoon() }
    }

    /// Another worker freed a place of this pool.
    public func knocked(for pool: PoolID) {
        lines[pool.index].knocked(using: &random)
    }

    /// In overload requests of this pool wait no longer.
    public func wait(_ pool: PoolID, atMost span: TimeSpan) {
        lines[pool.index].expect(span)
    }

    func knock(at worker: Int, for pool: PoolID) {
        shared.knock(worker, pool)
    }

    /// By which clients are ranked: another one every hour.
    func clientHash(_ peer: HostAddress) -> UInt64 {
        let hour = loop.now.nanoseconds / 3_600_000_000_000
        var mixed = SeededRandom(seed: shared.rankSeed ^ peer.key.high ^ (peer.key.low &* 31) ^ hour)
        return mixed.next()
    }

    /// The fleet changed its verdicts: picks follow them from now on. Whoever waits for a connection to a server that
    /// left goes elsewhere; whoever waits for the answer of one that is gone too, if that is safe. Whoever waits for a place may
    /// find one, or nobody left to wait for.
    public func apply(_ standings: [Standing]) {
        let before = self.standings
        self.standings = standings
        // A pool that has left ends as it was.
        for index in pools.indices where !plan.pools[index].hasLeft {
            pools[index].apply(pools[index].servers.map { standings[$0] })
        }
        for index in standings.indices {
            isLossSaid[index] = false
            let hasLeft = standings[index].tier != before[index].tier && standings[index].tier > .spare
            let isGone = standings[index].isGone && !before[index].isGone
            guard hasLeft || isGone else { continue }
            let server = ServerID(index: index)
            // A server that somebody wants to stop waits for no connection of ours.
            if isGone || standings[index].tier == .leased {
                for connection in idle.removeAll(of: server) { connection.close() }
            }
            for exchange in connections.compactMap(\.exchange) where exchange.server == server {
                exchange.serverLeft(isGone: isGone)
            }
        }
        serve()
    }

    /// The next request that can be sent twice goes to `server`, to see how it is answered.
    public func tryOut(_ server: ServerID) {
        pools[plan.servers[server.index].pool.index].tryOut(server)
    }

    /// A few times a second.
    fileprivate func settle() {
        tendLeaving()
        for index in pools.indices { pools[index].budget.settle(at: loop.now) }
        for index in isLossSaid.indices { isLossSaid[index] = false }
    }

    /// Said once until the verdicts change, or a moment later: a thousand requests that die with a server are one event.
    func lost(_ server: ServerID, _ loss: Loss) {
        guard !isLossSaid[server.index] else { return }
        isLossSaid[server.index] = true
        shared.lost(server, loss)
    }

    func connect(to id: ServerID) throws(Errno) -> UpstreamConnection {
        let server = plan.servers[id.index]
        let socket = try loop.kernel.connecting(to: server.socketAddress)
        upstreams[id.index] += 1
        let idleTimeout = pools[server.pool.index].timeouts.idle
        // Counted until it is forgotten, whatever becomes of it.
        let connection = UpstreamConnection(socket, to: id, idleTimeout: idleTimeout, of: self)
        try loop.add(connection, stream: connection.stream.raw)
        return connection
    }

    /// Keeps a connection whose exchange ended cleanly, unless bytes that nobody asked for are on it (rule 9).
    func release(_ connection: UpstreamConnection) {
        connection.exchange = nil
        connection.served += 1
        let isClean =
            connection.input.isEmpty && !connection.stream.peerHasFinished
            && !(connection.stream.isReadable && connection.stream.hasInput(on: loop.kernel))
        guard isClean, !isDraining, idle.keep(connection) else { return connection.close() }
        connection.rest()
    }
}

/// Sends a worker's observations off at a steady pace.
private final class Reporter: EventSource {
    private unowned let worker: Worker

    init(_ worker: Worker) {
        self.worker = worker
        super.init()
        worker.loop.add(self)
        worker.loop.setDeadline(worker.loop.now + Limits.observationInterval, for: self)
    }

    override func deadlinePassed() {
        worker.settle()
        worker.report()
        worker.roomMayBeThere()
        worker.loop.setDeadline(worker.loop.now + Limits.observationInterval, for: self)
    }
}
