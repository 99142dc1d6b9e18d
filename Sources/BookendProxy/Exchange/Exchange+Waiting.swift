import BookendConfig
import BookendCore
import BookendHTTP
import BookendLoop

/// What an exchange waits for, and since when nothing moved. One deadline at a time, on the client's connection.
struct Wait: Equatable {
    enum Reason {
        case nothing
        /// A server is to have room.
        case place
        case connect
        /// The client is to send more of the body.
        case clientBody
        /// The server is to take more of the request.
        case serverWrite
        case responseHead
        case responseBody
        /// The client is to take more of the response.
        case clientRead
        case tunnel
    }

    var reason = Reason.nothing
    /// Bytes written in both directions when the wait began: when more were, a new wait has begun.
    var moved: UInt64 = 0
}

extension Exchange {
    /// Sets the deadline anew when the reason changed or something moved. It is replaced, never cleared (rule 12).
    func updateWait(_ client: ClientConnection) {
        guard phase != .idle else { return }
        let current = Wait(reason: reason, moved: upload.sentBytes &+ download.sentBytes)
        guard current != wait else { return }
        wait = current
        loop.setDeadline(loop.now + limit(current.reason, client), for: client)
    }

    private var reason: Wait.Reason {
        switch phase {
        case .idle: .nothing
        case .queued: .place
        case .connecting: .connect
        case .waiting:
            uploadIsOver || awaitsContinue && upload.bodyBytes == 0
                ? .responseHead : upload.waitsForSink ? .serverWrite : .clientBody
        case .responding: download.waitsForSink ? .clientRead : .responseBody
        case .answering: .clientRead
        case .tunnel: .tunnel
        }
    }

    private func limit(_ reason: Wait.Reason, _ client: ClientConnection) -> TimeSpan {
        switch reason {
        case .nothing, .tunnel: Limits.tunnelIdle
        case .clientBody, .clientRead: client.listener.timeouts.body
        // The line tells sooner.
        case .place: TimeSpan(nanoseconds: 2 * worker.plan.pools[pool?.index ?? 0].pool.admission.deadline.nanoseconds)
        case .connect: timeouts.connect
        case .serverWrite, .responseHead, .responseBody: timeouts.response
        }
    }

    private var timeouts: Pool.Timeouts {
        worker.pools[pool?.index ?? 0].timeouts
    }

    func timedOut() {
        switch wait.reason {
        case .nothing: break
        case .place: shed(.late)
        case .connect: connectFailed(.timedOut)
        case .clientBody: answer(.bodyTimedOut)
        case .serverWrite, .responseHead: answer(.responseTimedOut)
        case .responseBody: abort(.serverTimedOut)
        case .clientRead: abort(.clientTimedOut)
        case .tunnel: abort(.tunnelIdle)
        }
    }
}
