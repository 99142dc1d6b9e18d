import BookendConfig
import BookendCore
import BookendHTTP
import BookendLoop
import BookendProxy

/// One probe of one server, as a client would ask it: a connection is enough, or an answer is wanted.
final class Probe: Inquiry {
    private var reader: ProbeReader
    private let asksPath: Bool
    private var over: (ProbeResult?) -> Void

    /// Begins; `over` is called once, not before this returns: with nil when Bookend lacks what a probe needs.
    init(
        _ server: ServerPlan, _ health: Pool.Health, on loop: Loop, over: @escaping (ProbeResult?) -> Void
    ) throws(Errno) {
        self.over = over
        reader = ProbeReader(health)
        asksPath = health.path != nil
        let request = """
            GET \(health.path ?? "/") HTTP/1.1\r
            Host: \(server.address)\r
            User-Agent: bookend/\(Version.current) (health check)\r
            Accept: */*\r
            Connection: close\r
            \r

            """
        try super.init(to: server.socketAddress, asking: Array(request.utf8), within: health.timeout, on: loop)
    }

    override func connected() -> Bool {
        if !asksPath { finish(.good) }
        return asksPath
    }

    override func arrived() {
        while !input.isEmpty {
            let (taken, result) = input.withBytes { reader.take($0) }
            input.consume(taken)
            if let result { return finish(result) }
            if taken == 0 { return }
        }
    }

    override func ended() {
        finish(reader.end())
    }

    override func failed(_ failure: Failure) {
        switch failure {
        case .lost: finish(.lost)
        case .timedOut: finish(.timedOut)
        case .ownShortage: finish(nil)
        }
    }

    private func finish(_ result: ProbeResult?) {
        guard finish() else { return }
        let over = over
        self.over = { _ in }
        over(result)
    }
}
