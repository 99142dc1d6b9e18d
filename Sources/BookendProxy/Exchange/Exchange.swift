import BookendConfig
import BookendCore
import BookendHTTP
import BookendLoop

/// One request and its response: from a whole request head until the last byte of the answer went out, or until either
/// side is lost. Made once and used for many requests; a worker keeps those that are free.
final class Exchange {
    /// Where the exchange stands. The upload of the request's body runs beside `waiting` and `responding` until it is
    /// whole; it ends early with the response.
    ///
    /// - `idle` → `connecting`, `waiting` (on a pooled connection), `queued` (no server has room), `answering` (refused)
    /// - `queued` → `connecting`, `waiting`, `answering` (it waited in vain)
    /// - `connecting` → `waiting`, `connecting` (the next server), `queued`, `answering` (none is left)
    /// - `waiting` → `responding`, `tunnel` (101), `connecting` (replayed), `queued`, `answering` (502, 504)
    /// - `responding`, `answering`, `tunnel` → `idle`
    enum Phase {
        case idle
        /// For a place on a server.
        case queued
        case connecting
        /// For the response's head.
        case waiting
        case responding
        /// With a response of Bookend's own.
        case answering
        case tunnel
    }

    let worker: Worker
    var phase = Phase.idle
    var client: ClientConnection?
    var upstream: UpstreamConnection?

    // The two heads are unchecked: each is parsed and read by one call at a time, none of which comes back here
    // (measured: docs/performance.md).
    @exclusivity(unchecked) var request: RequestHead
    @exclusivity(unchecked) var response = ResponseHead(limits: Limits.responseHead)
    /// The request's head as received: it is written anew for every server that is tried, and named in the log.
    let head = Buffer()
    let upload = Relay()
    let download = Relay()
    var record: AccessRecord

    var pool: PoolID?
    /// Where the request is, or will be once the connection stands.
    var server: ServerID?
    /// Since when it has its place there; nil when it gave it back, or has none.
    var placed: Moment?
    /// While it waits in its pool's line.
    var ticket: WaitingTicket?
    /// And how long it did, once it has a place.
    var waited = TimeSpan.zero
    /// Servers that could not be reached, before the present one.
    var tried: [ServerID] = []
    /// Attempts that count against the pool's `tries`: those that sent something, or waited in vain for a connection. A
    /// refused connection costs a millisecond and harms nobody, so it does not count.
    var attempts = 0
    /// Whether the client's connection may take another request afterwards.
    var keepsClient = false
    /// No more of the request's body is sent: it went whole, or nobody wants the rest.
    var uploadIsOver = false
    /// The client waits for a 100 before it sends its body, and none came yet: it is the server's turn.
    var awaitsContinue = false
    var wait = Wait()
    /// The server counts it as sent and not answered yet.
    private var isAwaited = false

    init(of worker: Worker) {
        self.worker = worker
        request = RequestHead(limits: Limits.requestHead)
        record = AccessRecord(began: .origin, id: RandomRequestID(using: &worker.random))
    }

    var loop: Loop { worker.loop }

    /// The client sent a whole head; it stands in `head` and is parsed.
    func begin(for client: ClientConnection) {
        start(for: client)
        record.givenID = givenID
        awaitsContinue = request.expectsContinue
        keepsClient = request.keepsAlive && !worker.isDraining && !client.listener.isClosing
        upload.begin(request.framing, leavingAs: request.framing, limit: client.bodyLimit)
        if case .length(let length) = request.framing, length > client.bodyLimit {
            return answer(Answer(.bodyTooLarge))
        }
        guard !worker.isShortOfMemory else { return answer(.outOfMemory) }
        let routes = client.listener.routes
        let match = head.withBytes { bytes in
            Router.match(
                bytes.extracting(request.hostName.range), bytes.extracting(request.path.range), in: routes)
        }
        guard let match else { return answer(.noRoute) }
        pool = match.pool
        takePriority(of: match)
        worker.pools[match.pool.index].budget.noteRequest()
        enter(match.pool)
    }

    /// The client sent what is refused: no server sees it, and the connection ends after the answer (rule 17).
    func refuse(_ refusal: Refusal, for client: ClientConnection) {
        start(for: client)
        worker.clients.noteViolation(of: client.peer, at: loop.now)
        answer(Answer(refusal))
    }

    /// The client's own `X-Request-Id`, if it may be kept.
    private var givenID: Slice? {
        guard let value = request.value(of: .xRequestId) else { return nil }
        return head.withBytes { RequestID.isSane(value, in: $0) } ? value : nil
    }

    private func start(for client: ClientConnection) {
        self.client = client
        record = AccessRecord(began: client.requestBegan, id: RandomRequestID(using: &worker.random))
    }

    /// The request's head did not come in time.
    func headTimedOut(for client: ClientConnection) {
        start(for: client)
        worker.clients.noteViolation(of: client.peer, at: loop.now)
        answer(.headTimedOut)
    }

    /// The request's head is long, and there is no memory to wait for the rest of it.
    func refuseForMemory(for client: ClientConnection) {
        start(for: client)
        answer(.outOfMemory)
    }

    /// The answer went out whole.
    func finish() {
        if phase == .responding, let server, record.status < 500 { worker.signs.finished(server) }
        leaveServer(keepingConnection: phase == .responding && upload.isDone && response.keepsAlive)
        let isWhole = upload.isDone && record.failure != .refused
        let sequel: ClientConnection.Sequel = keepsClient && isWhole ? .nextRequest : isWhole ? .close : .linger
        end { $0.exchangeEnded(sequel) }
    }

    /// The client's connection is gone in both directions.
    func clientHungUp() {
        abort(.clientGone)
    }

    /// One side was lost: the other is cut off, so that it sees that something is missing (rule 10).
    func abort(_ failure: AccessRecord.Failure) {
        record.failure = failure
        noteSpoiled()
        if phase == .waiting { abandonServer() }
        leaveServer(keepingConnection: false)
        end { $0.close() }
    }

    private func end(_ tell: (ClientConnection) -> Void) {
        guard let client else { return }
        leaveLine()
        worker.note(self)
        phase = .idle
        self.client = nil
        pool = nil
        if !tried.isEmpty { tried.removeAll(keepingCapacity: true) }
        attempts = 0
        waited = .zero
        keepsClient = false
        awaitsContinue = false
        uploadIsOver = false
        wait = Wait()
        upload.reset()
        download.reset()
        head.release()
        request.reset()
        response.reset()
        worker.keep(self)
        tell(client)
    }
}

// MARK: - What the fleet learns

extension Exchange {
    func noteSent(to server: ServerID) {
        worker.signs.sent(server)
        isAwaited = true
    }

    /// The answer has begun, or is not awaited any more.
    func noteSettled(with server: ServerID) {
        guard isAwaited else { return }
        isAwaited = false
        worker.signs.settled(server)
    }

    /// The request ends by the server's fault. A head of 500 or above is counted already.
    func noteSpoiled() {
        if let server, record.isServersFault, record.status < 500 { worker.signs.spoiled(server) }
    }
}
