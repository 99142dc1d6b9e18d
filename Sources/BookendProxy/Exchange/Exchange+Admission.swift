import BookendConfig
import BookendCore
import BookendHTTP
import BookendLoop

/// Getting a place on a server, waiting for one, and giving it back.
extension Exchange {
    /// The request is to go to a server of `pool`.
    func enter(_ pool: PoolID) {
        let line = worker.lines[pool.index]
        if line.isOpen { return tryNextServer(otherwise: .noServer) }
        if let reason = line.arrived(rank) { return shed(reason) }
        guard line.isEmpty else { return waitInLine() }
        tryNextServer(otherwise: .noServer)
        if placed != nil { line.servedAtOnce() }
    }

    func waitInLine() {
        guard let pool else { return }
        phase = .queued
        guard worker.lines[pool.index].enter(self, rank) else { return shed(.full) }
        if let client { updateWait(client) }
    }

    func leaveLine() {
        guard ticket != nil, let pool else { return }
        worker.lines[pool.index].leave(self)
    }

    /// There is no place for it, or none in time.
    func shed(_ reason: Shed) {
        record.shed = reason
        answer(reason == .client ? .tooMany : .overloaded)
    }

    /// The client closed its side. It may want the answer all the same, but who has waited for long has more likely left.
    func clientFinished() {
        guard let pool, record.responded == nil else { return }
        worker.lines[pool.index].clientLeft(self)
    }

    /// The client closed its side, and with others waiting it is taken at its word.
    var clientHasLeft: Bool { client?.stream.peerHasFinished ?? true }

    /// Takes a place on a server, having waited. If those that it has not tried are full, one that it has tried is better than
    /// to hold up all behind it.
    func takePlace() -> Pick {
        guard let pool else { return .nobody }
        let pick = worker.pick(from: pool, except: tried, isSafe: mayReplay)
        return pick == .full && !tried.isEmpty ? worker.pick(from: pool, except: [], isSafe: mayReplay) : pick
    }

    /// The server has done its part, or will never have to.
    func givePlaceBack() {
        guard let server, let pool, let placed else { return }
        self.placed = nil
        worker.free(server, of: pool, since: placed, wasAnswered: record.responded != nil)
    }

    /// The client does not wait for the answer any more, but the server works on it: its place stays taken until it
    /// answers. Otherwise clients that give up and ask again would load it without end.
    func abandonServer() {
        guard let server, let upstream, let placed, uploadIsOver, worker.inFlight.limit(server.index) < .max else {
            return
        }
        self.placed = nil
        self.upstream = nil
        upstream.abandon(placed, for: worker.pools[pool?.index ?? 0].timeouts.response)
    }

    /// Events for whoever watches a page: a stream without end is no request that the server works on.
    func isEventStream(_ upstream: UpstreamConnection) -> Bool {
        guard let type = response.value(of: .contentType) else { return false }
        return upstream.input.withBytes { bytes in
            let wanted: StaticString = "text/event-stream"
            guard type.range.count >= wanted.utf8CodeUnitCount else { return false }
            for index in 0..<wanted.utf8CodeUnitCount
            where bytes[type.range.lowerBound + index] | 0x20 != wanted.utf8Start[index] | 0x20 {
                return false
            }
            return true
        }
    }
}
