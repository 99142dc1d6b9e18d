import BookendConfig
import BookendCore
import BookendHTTP
import BookendLoop
import BookendProxy

/// One probe of one server, on a connection of its own as a client would make it.
///
/// - `connecting` → `asking` (a path is configured), `over` (a connection was enough, or none came)
/// - `asking` → `over`
final class Probe: EventSource {
    private let loop: Loop
    private let stream: ByteStream
    private let request: [UInt8]
    private let input = Buffer()
    private let output = Buffer()
    private var reader: ProbeReader
    private let asksPath: Bool
    private var over: (ProbeResult?) -> Void
    private var isOver = false

    /// Begins; `over` is called once, not before this returns: with nil when Bookend lacks what a probe needs.
    init(
        _ server: ServerPlan, _ health: Pool.Health, on loop: Loop, over: @escaping (ProbeResult?) -> Void
    ) throws(Errno) {
        self.loop = loop
        self.over = over
        reader = ProbeReader(health)
        asksPath = health.path != nil
        request = Array(
            """
            GET \(health.path ?? "/") HTTP/1.1\r
            Host: \(server.address)\r
            User-Agent: bookend/\(Version.current) (health check)\r
            Accept: */*\r
            Connection: close\r
            \r

            """.utf8)
        stream = ByteStream(connecting: try loop.kernel.connecting(to: server.socketAddress))
        super.init()
        try loop.add(self, stream: stream.raw)
        loop.setDeadline(loop.now + health.timeout, for: self)
    }

    override func ready(_ readiness: Readiness) {
        let wasConnecting = stream.isConnecting
        stream.note(readiness)
        if wasConnecting {
            guard !stream.isConnecting else { return }
            if let error = loop.kernel.connectError(stream.raw) {
                return finish(error.isOwnShortage ? nil : error == .timedOut ? .timedOut : .lost)
            }
            guard asksPath else { return finish(.good) }
            guard output.reserve(self.request.count, from: loop.buffers) else { return finish(nil) }
            let request = request
            output.append { $0.append(request.span) }
        }
        write()
        if !isOver { read() }
    }

    override func deadlinePassed() {
        finish(.timedOut)
    }

    private func write() {
        while !output.isEmpty {
            switch stream.write(output, on: loop.kernel) {
            case .bytes: continue
            case .wouldBlock: return
            case .end, .failed: return finish(.lost)
            }
        }
    }

    private func read() {
        while stream.isReadable, !isOver {
            if input.freeCapacity == 0, !input.reserve(BufferSize.standard.bytes, from: loop.buffers) {
                return finish(nil)
            }
            switch stream.read(into: input, on: loop.kernel) {
            case .bytes: take()
            case .wouldBlock: return
            case .end: return finish(reader.end())
            case .failed: return finish(.lost)
            }
        }
    }

    private func take() {
        while !input.isEmpty {
            let (taken, result) = input.withBytes { reader.take($0) }
            input.consume(taken)
            if let result { return finish(result) }
            if taken == 0 { return }
        }
    }

    private func finish(_ result: ProbeResult?) {
        guard !isOver else { return }
        isOver = true
        input.release()
        output.release()
        loop.remove(self)
        let over = over
        self.over = { _ in }
        over(result)
    }
}
