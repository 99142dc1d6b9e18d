import BookendCore
import BookendHTTP
import BookendLoop

/// Moving bytes: called for every edge on either side, and does all that can be done then.
extension Exchange {
    func advance() {
        guard let client else { return }
        switch phase {
        case .idle:
            return
        case .queued:
            break
        case .connecting:
            // Sends, and comes back here, when the connection stands.
            if !connectionStands() { return }
        case .waiting, .responding:
            guard let upstream else { return }
            if !uploadIsOver { moveUpload(client, upstream) }
            if phase == .waiting { readResponseHead(client, upstream) }
            // Not if the request has gone to another server meanwhile.
            if phase == .responding, self.upstream === upstream { moveDownload(client, upstream) }
        case .answering:
            moveAnswer(client)
        case .tunnel:
            moveTunnel()
        }
        updateWait(client)
    }

    private func moveUpload(_ client: ClientConnection, _ upstream: UpstreamConnection) {
        let progress = upload.move(
            from: client.stream, client.input, to: upstream.stream, reading: worker.readSize, on: loop)
        switch progress {
        case .done:
            uploadIsOver = true
        case .needsSource, .needsSink:
            break
        case .yielded:
            loop.resumeLater(client)
        case .refused(.bodyTruncated), .sourceFailed:
            abort(.clientGone)
        case .refused(let refusal):
            // Too much is no breach of the protocol.
            if refusal != .bodyTooLarge { worker.clients.noteViolation(of: client.peer, at: loop.now) }
            // Said while that is possible, otherwise the response is cut off.
            if phase == .waiting { answer(Answer(refusal)) } else { abort(.clientGone) }
        case .sinkFailed:
            // The server may have answered before it closed: the answer decides.
            uploadIsOver = true
        }
    }

    private func readResponseHead(_ client: ClientConnection, _ upstream: UpstreamConnection) {
        while phase == .waiting {
            do throws(Refusal) {
                let method = request.method
                let isWhole = try upstream.input.withBytes { bytes throws(Refusal) in
                    try bytes.isEmpty ? false : response.parse(bytes, to: method)
                }
                if isWhole {
                    takeResponseHead(client, upstream)
                    guard self.upstream === upstream else { return }
                    continue
                }
            } catch {
                return answer(Answer(badResponse: error))
            }
            guard upstream.stream.isReadable else { return upstream.releaseIdleMemory() }
            if upstream.input.freeCapacity == 0 {
                upstream.input.reserve(worker.readSize.bytes, from: loop.buffers)
            }
            switch upstream.stream.read(into: upstream.input, on: loop.kernel) {
            case .bytes: continue
            case .wouldBlock: return upstream.releaseIdleMemory()
            case .end: return serverClosed(nil)
            case .failed(let error): return serverClosed(error)
            }
        }
    }

    private func takeResponseHead(_ client: ClientConnection, _ upstream: UpstreamConnection) {
        if response.isInterim {
            passInterim(client, upstream)
        } else if response.isSwitchingProtocols {
            beginTunnel(upstream)
        } else {
            beginResponse(upstream)
        }
    }

    /// Any number of interim responses comes before the final one; HTTP/1.0 does not know them (rule 6).
    private func passInterim(_ client: ClientConnection, _ upstream: UpstreamConnection) {
        // A client that takes none of them must not make them pile up.
        guard download.output.count < Limits.responseHead.bytes else { return abort(.clientTimedOut) }
        if request.version == .http11 { writeInterimHead(upstream) }
        if response.status == 100 { awaitsContinue = false }
        upstream.input.consume(response.count)
        response.reset()
        if case .sinkFailed = download.flush(to: client.stream, on: loop.kernel) { abort(.clientGone) }
    }

    private func beginResponse(_ upstream: UpstreamConnection) {
        if let server {
            noteSettled(with: server)
            worker.signs.answered(server, response.status, after: loop.now - record.began)
            if !response.present.isDisjoint(with: .loadReports) { takeLoadReport(of: server, upstream) }
        }
        if hidesFailedTrial() { return }
        record.responded(response.status, at: loop.now)
        let framing = framingForClient
        if framing == .chunked, isEventStream(upstream) { givePlaceBack() }
        if framing == .untilClose || !upload.isDone { keepsClient = false }
        // An error before the body is whole: the server will not read the rest (rule 8). With a success it may.
        if response.status >= 400, !upload.isDone { uploadIsOver = true }
        phase = .responding
        writeResponseHead(framing, upstream)
        upstream.input.consume(response.count)
        download.begin(response.framing, leavingAs: framing, limit: .max)
    }

    /// The server says how loaded it is (ORCA). Not read in trailers, which chunked answers alone could have: there it is
    /// dropped.
    private func takeLoadReport(of server: ServerID, _ upstream: UpstreamConnection) {
        let value = response.value(of: .endpointLoadMetrics)
        let metrics = upstream.input.withBytes { bytes in value.flatMap { LoadMetrics($0, in: bytes) } }
        if let metrics {
            worker.signs.reported(server, metrics)
        } else {
            worker.observations.sawUnreadableReport(of: server)
        }
    }

    /// A length stays a length; what has none goes out in chunks, or until the close to those who know no chunks.
    private var framingForClient: Framing {
        switch response.framing {
        case .none, .length: response.framing
        case .chunked, .untilClose: request.version == .http11 ? .chunked : .untilClose
        }
    }

    private func moveDownload(_ client: ClientConnection, _ upstream: UpstreamConnection) {
        let progress = download.move(
            from: upstream.stream, upstream.input, to: client.stream, reading: worker.readSize, on: loop)
        switch progress {
        case .done: finish()
        case .needsSource: break
        // The server has done its part; how long a client takes to read says nothing about the server's load.
        case .needsSink: givePlaceBack()
        case .yielded: loop.resumeLater(client)
        case .refused, .sourceFailed: abort(.serverGone)
        case .sinkFailed: abort(.clientGone)
        }
    }

    private func moveAnswer(_ client: ClientConnection) {
        switch download.flush(to: client.stream, on: loop.kernel) {
        case nil: finish()
        case .sinkFailed: abort(.clientGone)
        default: break
        }
    }

}
