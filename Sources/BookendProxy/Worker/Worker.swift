public import BookendConfig
import BookendCore
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
        public let log: LogWriter?
        /// Takes the observations, from any thread.
        public let report: @Sendable (Observations) -> Void

        public init(
            plan: Plan, clients: ClientTable, open: SharedCounters, connections: Int, log: LogWriter?,
            report: @escaping @Sendable (Observations) -> Void
        ) {
            self.plan = plan
            self.clients = clients
            self.open = open
            self.connections = connections
            self.log = log
            self.report = report
        }
    }

    /// Idle clients are looked for among this many, so that making room costs little.
    private static let idleSearch = 64

    public let loop: Loop
    let plan: Plan
    /// The plan's counts.
    let inFlight: SharedCounters.Cells
    let clients: ClientTable
    // Unchecked: a pick calls policies only, which know nothing of the worker (measured: docs/performance.md).
    @exclusivity(unchecked) var pools: [PoolState]
    var idle: IdleConnections
    var random: SeededRandom
    var clock = WallClock()
    var observations: Observations
    private(set) var isDraining = false

    private let shared: Shared
    private let index: Int
    private var listeners: [ClientListener] = []
    private var connections: [ClientConnection] = []
    private var free: [Exchange] = []
    private var searchedUntil = 0
    /// Connections wait to be accepted, or may: there was no room for one more.
    private var isFull = false
    private var log: LogBuffer?
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
        pools = plan.pools.map { PoolState($0, of: shared.plan) }
        idle = IdleConnections(servers: plan.servers.count)
        observations = Observations(servers: plan.servers.count)
        random = SeededRandom(seed: seed)
        if let writer = shared.log, case .on(_, let format) = plan.configuration.accessLog {
            log = LogBuffer(writer, format)
        }
        clock.update(at: loop.now, on: loop.kernel)
        reporter = Reporter(self)
        loop.turnEnded = { [unowned self] in turnEnded() }
    }

    /// Begins to accept on a socket of `listener`.
    public func listen(on socket: consuming FileDescriptor, for listener: Listener) throws(Errno) {
        listeners.append(try ClientListener(socket, for: listener, of: self))
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
        guard !observations.isEmpty else { return }
        shared.report(observations)
        observations = Observations(servers: plan.servers.count)
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
    /// How much of a server's answer is read at once. Large reads halve the system calls of large bodies; beyond half of
    /// the memory that connections may take, answers that wait for slow clients are to take little.
    var readSize: BufferSize {
        loop.buffers.bytesInUse < shared.connections * Limits.largeReadShare ? .large : .standard
    }

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
        observations.ended(exchange.record)
        log?.write(AccessLine(exchange: exchange, client: client, now: loop.now), on: loop)
    }
}

// MARK: - Servers

extension Worker {
    func pick(from pool: PoolID, except tried: [ServerID]) -> ServerID? {
        pools[pool.index].pick(except: tried, using: &random)
    }

    func connect(to id: ServerID) throws(Errno) -> UpstreamConnection {
        let server = plan.servers[id.index]
        let socket = try loop.kernel.connecting(to: server.socketAddress)
        let idleTimeout = pools[server.pool.index].timeouts.idle
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
        worker.report()
        worker.roomMayBeThere()
        worker.loop.setDeadline(worker.loop.now + Limits.observationInterval, for: self)
    }
}
