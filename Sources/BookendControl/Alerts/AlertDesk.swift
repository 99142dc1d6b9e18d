import BookendConfig
import BookendCore
import BookendLoop
import BookendProxy

/// Tells the targets of `alerts` what happens. Nothing waits for it: what a target has not taken waits in its own queue.
final class AlertDesk {
    private let loop: Loop
    private let senders: [AlertSender]
    private var rules: AlertRules
    /// Tells the tests of this worker process apart from those of others, and from each other.
    private var tests = 0

    /// Blocks to read the secrets of webhooks.
    ///
    /// - Parameter say: takes one line of text.
    init(_ targets: [AlertTarget], on loop: Loop, say: @escaping (String) -> Void) throws(Errno) {
        self.loop = loop
        rules = AlertRules(host: AlertCourier.hostName)
        var random = SystemRandomNumberGenerator()
        var senders: [AlertSender] = []
        for (index, target) in targets.enumerated() {
            let courier = try AlertCourier.of(target, number: index, on: loop)
            senders.append(AlertSender(target, by: courier, on: loop, seed: random.next(), say: say))
        }
        self.senders = senders
    }

    /// A server that was dead when this worker process began.
    func resume(dead server: String, of pool: String) {
        rules.resume(dead: server, of: pool)
    }

    func take(_ event: Event) {
        guard let alert = rules.alert(event) else { return }
        for sender in senders { sender.take(alert) }
    }

    func reports(at now: Moment) -> [AlertTargetReport] { senders.map { $0.report(at: now) } }

    /// - Parameter name: of one target; nil for all.
    func test(_ name: String?) -> AdminAnswer {
        let chosen = senders.filter { name == nil || $0.target.name == name }
        guard !chosen.isEmpty else {
            let known = senders.map(\.target.name).joined(separator: ", ")
            return .problem(
                404,
                senders.isEmpty
                    ? "there is no target for alerts; name one in the configuration, under `alerts`"
                    : "there is no target \(name ?? ""); there are: \(known)")
        }
        tests += 1
        let now = loop.kernel.wallClock()
        let alert = rules.test(id: "test-\(String(now, radix: 36))-\(tests)", at: WallTime(unixNanoseconds: now))
        let begun = chosen.filter { $0.test(alert) }
        guard !begun.isEmpty else { return .problem(409, "a test is under way; ask again in a minute") }
        return .json(AlertTestReport(id: alert.id, targets: begun.map(\.target.name)))
    }
}
