import BookendConfig
import BookendCore
import BookendHTTP
import BookendLoop

/// Finding a server for the request, and another when that one cannot be reached.
extension Exchange {
    /// Picks a server that was not tried yet and sends it the request, or waits for one. When none is left, the client is
    /// told `lastResort`.
    func tryNextServer(otherwise lastResort: Answer) {
        guard let pool, attempts < worker.pools[pool.index].retries.tries else { return answer(lastResort) }
        switch worker.pick(from: pool, except: tried, isSafe: mayReplay) {
        case .server(let server, let why): take(server, why)
        case .full: waitInLine()
        case .nobody: answer(lastResort)
        }
    }

    /// A place on a server is this request's.
    func take(_ picked: ServerID, _ why: Choice) {
        server = picked
        placed = loop.now
        record.chose(why)
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
        if let server {
            let loss = Loss(error)
            worker.observations.connectFailed(to: server)
            if let loss {
                worker.signs.connectFailed(server)
                worker.lost(server, loss)
            }
            record.missed(server, AccessRecord.Miss(loss))
            tried.append(server)
        }
        leaveServer(keepingConnection: false)
        if error == .timedOut { attempts += 1 }
        tryNextServer(otherwise: error == .timedOut ? .connectTimedOut : .connectFailed)
    }

    /// The connection ended before a response came. One that had served before may have been closed by the server just
    /// then; no proof that the server did nothing, so only what may be sent twice is (rule 11; varnish #4413): to the
    /// same server on a new connection, as that one is probably well, or else to another.
    func serverClosed(_ error: Errno?) {
        guard let upstream, let server else { return }
        let wasPooled = upstream.served > 0 && upstream.input.isEmpty
        if error == .connectionReset, !wasPooled { worker.lost(server, .reset) }
        guard download.sentBytes == 0, mayReplay || upload.sentBytes == 0 && hasNoBody else {
            return answer(.serverClosed)
        }
        guard wasPooled else { return mayMoveOn() ? moveOn(.closed, otherwise: .serverClosed) : answer(.serverClosed) }
        upstream.close()
        self.upstream = nil
        attempts -= 1
        beginUpload()
        connect(to: server)
    }

    /// The fleet took the server out of rotation. What cannot be sent twice, or is one too many, waits on: a server that
    /// comes back still answers it.
    ///
    /// - Parameter isGone: it does not answer any more.
    func serverLeft(isGone: Bool) {
        if phase == .connecting {
            if hasAnother { moveOn(.left, otherwise: .noServer) }
        } else if phase == .waiting, isGone, mayReplay, download.sentBytes == 0, mayMoveOn() {
            moveOn(.left, otherwise: .noServer)
        }
    }

    /// An answer of 500 or above to a trial, which the client need not see. False when it has to.
    func hidesFailedTrial() -> Bool {
        guard record.choice == .trial, response.status >= 500, mayReplay, download.sentBytes == 0, mayMoveOn() else {
            return false
        }
        moveOn(.failed, otherwise: .serverClosed)
        return true
    }

    /// Sends the request to another server; what the first one did with it is not known.
    private func moveOn(_ miss: AccessRecord.Miss, otherwise lastResort: Answer) {
        guard let server else { return }
        if phase == .waiting, miss != .failed { worker.signs.spoiled(server) }
        record.missed(server, miss)
        tried.append(server)
        leaveServer(keepingConnection: false)
        response.reset()
        beginUpload()
        tryNextServer(otherwise: lastResort)
    }

    /// There is a server that was not tried, and a try left. The present one is not among `tried` yet.
    private var hasAnother: Bool {
        guard let pool, let server else { return false }
        let state = worker.pools[pool.index]
        return attempts < state.retries.tries && state.hasAnother(than: server, except: tried)
    }

    /// Somebody else can get the request, and sending it once more is paid for. Not while others are refused.
    private func mayMoveOn() -> Bool {
        guard hasAnother, let pool, !worker.lines[pool.index].isOverloaded else { return false }
        return worker.pools[pool.index].budget.take()
    }

    private func beginUpload() {
        upload.reset()
        upload.begin(request.framing, leavingAs: request.framing, limit: client?.bodyLimit ?? 0)
        uploadIsOver = false
    }

    /// Gives up the place at the server. The connection is kept for the next exchange if it is clean, or closed.
    func leaveServer(keepingConnection isReusable: Bool) {
        guard let server else { return }
        givePlaceBack()
        self.server = nil
        noteSettled(with: server)
        record.server = server
        guard let upstream else { return }
        self.upstream = nil
        if isReusable {
            worker.release(upstream)
        } else {
            upstream.close()
        }
    }

    /// Sending the request a second time changes nothing, and nothing of it was consumed.
    var mayReplay: Bool {
        guard let pool, worker.pools[pool.index].retries.methods == .idempotent else { return false }
        return request.method.isIdempotent && hasNoBody && !request.wantsUpgrade
    }

    private var hasNoBody: Bool {
        request.framing == .none || request.framing == .length(0)
    }

    private func send() {
        phase = .waiting
        // Each attempt has its own time.
        wait = Wait()
        attempts += 1
        if let server { noteSent(to: server) }
        writeRequestHead()
        advance()
    }
}
