import BookendConfig
import BookendCore
import BookendHTTP
import BookendLoop

/// Finding a server for the request, and another when that one cannot be reached.
extension Exchange {
    /// Picks a server that was not tried yet and sends it the request. When none is left, the client is told `lastResort`.
    func tryNextServer(otherwise lastResort: Answer) {
        guard let pool, attempts < worker.pools[pool.index].retries.tries,
            let picked = worker.pick(from: pool, except: tried)
        else { return answer(lastResort) }
        server = picked
        record.tries += 1
        if let pooled = worker.idle.take(picked) {
            if mayReplay || !pooled.stream.hasInput(on: loop.kernel) {
                pooled.exchange = self
                upstream = pooled
                return send()
            }
            // What cannot be sent twice is not sent on a connection that is known to be dead.
            pooled.close()
        }
        connect(to: picked)
    }

    private func connect(to server: ServerID) {
        do throws(Errno) {
            let connection = try worker.connect(to: server)
            connection.exchange = self
            upstream = connection
            phase = .connecting
            // Each attempt has its own time.
            wait = Wait()
            if let client { updateWait(client) }
        } catch {
            connectFailed(error)
        }
    }

    /// An edge came while connecting.
    func connectionStands() -> Bool {
        guard let upstream, !upstream.stream.isConnecting else { return false }
        if let error = loop.kernel.connectError(upstream.stream.raw) {
            connectFailed(error)
            return false
        }
        send()
        return true
    }

    /// No byte was sent, so any request may go to another server (rule 11).
    func connectFailed(_ error: Errno) {
        if let server { worker.observations.connectFailed(to: server) }
        if let server { tried.append(server) }
        leaveServer(keepingConnection: false)
        if error == .timedOut { attempts += 1 }
        tryNextServer(otherwise: error == .timedOut ? .connectTimedOut : .connectFailed)
    }

    /// The connection ended before a response came. One that had served before may have been closed by the server just
    /// then; no proof that the server did nothing, so only what may be sent twice is (rule 11; varnish #4413).
    func serverClosed(_ error: Errno?) {
        guard let upstream, let server else { return }
        let wasPooled = upstream.served > 0
        let hasResponse = !upstream.input.isEmpty
        guard wasPooled, !hasResponse, mayReplay || upload.sentBytes == 0 && hasNoBody else {
            return answer(.serverClosed)
        }
        upstream.close()
        self.upstream = nil
        upload.reset()
        upload.begin(request.framing, leavingAs: request.framing, limit: client?.bodyLimit ?? 0)
        uploadIsOver = false
        connect(to: server)
    }

    /// Gives up the place at the server. The connection is kept for the next exchange if it is clean, or closed.
    func leaveServer(keepingConnection isReusable: Bool) {
        guard let server else { return }
        self.server = nil
        record.server = server
        worker.inFlight.decrement(server.index)
        guard let upstream else { return }
        self.upstream = nil
        if isReusable {
            worker.release(upstream)
        } else {
            upstream.close()
        }
    }

    /// Sending the request a second time changes nothing, and nothing of it was consumed.
    private var mayReplay: Bool {
        guard let pool, worker.pools[pool.index].retries.methods == .idempotent else { return false }
        return request.method.isIdempotent && hasNoBody && !request.wantsUpgrade
    }

    private var hasNoBody: Bool {
        request.framing == .none || request.framing == .length(0)
    }

    private func send() {
        phase = .waiting
        attempts += 1
        writeRequestHead()
        advance()
    }
}
