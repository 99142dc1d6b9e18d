import BookendConfig
import BookendCore
import BookendLoop
import BookendProxy

/// POSTs alerts, on the control loop, as probes are asked there. Where the configuration names a host, it is resolved anew
/// for each alert, on a thread of its own.
final class WebhookCourier: AlertCourier {
    private let webhook: AlertTarget.Webhook
    private let format: AlertTarget.Format
    private let timeout: TimeSpan
    private let loop: Loop
    /// Nil when the target is not signed.
    private let secret: Result<[UInt8], TokenFile.Unusable>?
    private let address: SocketAddress?
    /// Nil where the configuration has an address.
    private let resolver: Errands<Result<SocketAddress, ResolutionFailure>>?

    init(
        _ prepared: PreparedTarget, _ webhook: AlertTarget.Webhook, resolver name: String, on loop: Loop
    ) throws(Errno) {
        self.webhook = webhook
        format = prepared.target.format
        timeout = prepared.target.timeout
        self.loop = loop
        secret = prepared.secret
        if case .name = webhook.server.host {
            address = nil
            resolver = try Errands(name, on: loop)
        } else {
            address = try? SocketAddress(resolving: webhook.server)
            resolver = nil
        }
    }

    override func bring(_ alert: Alert, over: @escaping (AlertOutcome) -> Void) {
        if let address { return post(alert, to: address, over) }
        let server = webhook.server
        resolver?.run(
            { Result { () throws(ResolutionFailure) in try SocketAddress(resolving: server) } },
            over: { [self] in
                switch $0 {
                case .success(let address): post(alert, to: address, over)
                case .failure(let failure): over(.failed("\(failure)"))
                }
            })
    }

    private func post(_ alert: Alert, to address: SocketAddress, _ told: @escaping (AlertOutcome) -> Void) {
        let over = { outcome in withExtendedLifetime(self) { told(outcome) } }
        do {
            _ = try AlertPost(
                request(alert), of: webhook.target, to: address, within: timeout, on: loop, over: over)
        } catch {
            let outcome = AlertOutcome.failed("\(error)")
            // In the next turn, as every outcome.
            _ = Alarm(on: loop, at: loop.now) { over(outcome) }
        }
    }

    private func request(_ alert: Alert) throws(TokenFile.Unusable) -> [UInt8] {
        let body = AlertBody(alert, format)
        var head = """
            POST \(webhook.target) HTTP/1.1\r
            Host: \(webhook.server)\r
            User-Agent: bookend/\(Version.current)\r
            Content-Type: \(body.type)\r
            Content-Length: \(body.bytes.count)\r
            Idempotency-Key: \(alert.id)\r
            Connection: close\r

            """
        if let secret = try secret?.get() {
            let now = loop.kernel.wallClock() / 1_000_000_000
            head += "Bookend-Signature: \(AlertSignature(of: body.bytes, by: secret, at: now))\r\n"
        }
        return Array((head + "\r\n").utf8) + body.bytes
    }
}
