import BookendCore
import BookendHTTP
import BookendLoop

/// After a 101 both sides speak another protocol, WebSocket for instance, and Bookend passes the bytes on (rule 7).
extension Exchange {
    func beginTunnel(_ upstream: UpstreamConnection) {
        // A server that switches without being asked is not to be followed.
        guard request.wantsUpgrade else { return answer(.unaskedUpgrade) }
        if let server {
            noteSettled(with: server)
            worker.signs.answered(server, response.status, after: loop.now - record.began)
            worker.signs.finished(server)
        }
        record.responded(response.status, at: loop.now)
        phase = .tunnel
        givePlaceBack()
        keepsClient = false
        uploadIsOver = false
        writeSwitchingHead(upstream)
        upstream.input.consume(response.count)
        upload.begin(.untilClose, leavingAs: .untilClose, limit: .max)
        download.begin(.untilClose, leavingAs: .untilClose, limit: .max)
        moveTunnel()
    }

    func moveTunnel() {
        guard let client, let upstream else { return }
        if !uploadIsOver {
            let progress = upload.move(
                from: client.stream, client.input, to: upstream.stream, reading: worker.readSize, on: loop)
            uploadIsOver = passed(progress, on: client, endingAt: upstream.stream)
        }
        guard phase == .tunnel else { return }
        if !download.isDone {
            let progress = download.move(
                from: upstream.stream, upstream.input, to: client.stream, reading: worker.readSize, on: loop)
            _ = passed(progress, on: client, endingAt: client.stream)
        }
        if phase == .tunnel, uploadIsOver, download.isDone { endTunnel() }
    }

    /// True when that direction is over; its end is passed on, and the other direction goes on.
    private func passed(
        _ progress: Relay.Progress, on client: ClientConnection, endingAt sink: ByteStream
    ) -> Bool {
        switch progress {
        case .done:
            sink.shutdownWrite(on: loop.kernel)
            return true
        case .needsSource, .needsSink:
            return false
        case .yielded:
            loop.resumeLater(client)
            return false
        case .refused, .sourceFailed, .sinkFailed:
            endTunnel()
            return true
        }
    }

    private func endTunnel() {
        leaveServer(keepingConnection: false)
        finish()
    }
}
