import BookendCore
import BookendLoop

/// One connection to a server: connecting, busy with an exchange, or idle in its worker's pool.
final class UpstreamConnection: EventSource {
    let worker: Worker
    let server: ServerID
    private let idleTimeout: TimeSpan
    let stream: ByteStream
    let input = Buffer()
    /// The exchange that uses this connection; nil while it is idle.
    var exchange: Exchange?
    /// Exchanges before the present one. A connection that served before may have been closed by the server meanwhile.
    var served = 0
    /// Since when it has a place on the server, for a request whose client has left.
    private var abandoned: Moment?

    init(_ descriptor: consuming FileDescriptor, to server: ServerID, idleTimeout: TimeSpan, of worker: Worker) {
        self.worker = worker
        self.server = server
        self.idleTimeout = idleTimeout
        stream = ByteStream(connecting: descriptor)
        super.init()
    }

    deinit {
        worker.forgot(server)
    }

    override func ready(_ readiness: Readiness) {
        stream.note(readiness)
        if let exchange {
            exchange.advance()
        } else if abandoned != nil {
            guard !readiness.isDisjoint(with: [.readable, .peerFinished, .hungUp, .failed]) else { return }
            givePlaceBack(wasAnswered: readiness.contains(.readable))
            close()
        } else if !readiness.isDisjoint(with: [.readable, .peerFinished, .hungUp, .failed]) {
            // Idle: whatever comes is an end, or bytes that nobody asked for (rule 9).
            worker.idle.remove(self)
            close()
        }
    }

    override func deadlinePassed() {
        guard exchange == nil else { return }
        guard abandoned == nil else { return close() }
        worker.idle.remove(self)
        close()
    }

    /// Waits for its next exchange.
    func rest() {
        input.release()
        worker.loop.setDeadline(worker.loop.now + idleTimeout, for: self)
    }

    /// Nobody waits for the answer any more. The place on the server is given back when it comes, or after `limit`.
    func abandon(_ placed: Moment, for limit: TimeSpan) {
        exchange = nil
        abandoned = placed
        input.release()
        worker.loop.setDeadline(worker.loop.now + limit, for: self)
    }

    /// Nothing to read: memory is held only for what has arrived.
    func releaseIdleMemory() {
        if input.isEmpty { input.release() }
    }

    private func givePlaceBack(wasAnswered: Bool) {
        guard let placed = abandoned else { return }
        abandoned = nil
        let pool = worker.plan.servers[server.index].pool
        worker.free(server, of: pool, since: placed, wasAnswered: wasAnswered)
    }

    /// Forgets the connection; its descriptor closes with the last reference.
    func close() {
        givePlaceBack(wasAnswered: false)
        exchange = nil
        input.release()
        worker.loop.remove(self)
    }
}
