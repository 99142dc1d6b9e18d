import BookendConfig
import BookendCore
import BookendLoop

/// One target: what waits for it, and the try that is under way.
final class AlertSender: EventSource {
    let target: AlertTarget
    private let courier: AlertCourier
    private let loop: Loop
    /// Takes one line of text.
    private let say: (String) -> Void
    private var queue: AlertQueue
    /// Keys that it was told are open: it is told their end too, whatever that one's severity.
    private var open: Set<String> = []
    /// Why the last try failed, and since when all did.
    private var trouble: (why: String, since: Moment)?
    private var test: AlertTargetReport.Test?
    private var isTesting = false

    init(
        _ target: AlertTarget, by courier: AlertCourier, on loop: Loop, seed: UInt64, say: @escaping (String) -> Void
    ) {
        self.target = target
        self.courier = courier
        self.loop = loop
        self.say = say
        queue = AlertQueue(seed: seed, at: loop.now)
        super.init()
        loop.add(self)
    }

    func take(_ alert: Alert) {
        guard alert.isPage || target.severity == .warning || open.contains(alert.key) else { return }
        if alert.status == .open { open.insert(alert.key) } else { open.remove(alert.key) }
        queue.add(alert, at: loop.now)
        proceed()
    }

    /// One try beside all that waits. False while another test is under way.
    func test(_ alert: Alert) -> Bool {
        guard !isTesting else { return false }
        isTesting = true
        let began = loop.kernel.now()
        courier.bring(alert) { [self] outcome in
            isTesting = false
            var isTaken = false
            if case .taken = outcome { isTaken = true }
            test = AlertTargetReport.Test(
                id: alert.id, taken: isTaken, answer: outcome.words,
                milliseconds: (loop.kernel.now() - began).inMilliseconds)
        }
        return true
    }

    override func deadlinePassed() {
        proceed()
    }

    func report(at now: Moment) -> AlertTargetReport {
        AlertTargetReport(
            name: target.name, way: "\(target.way)", severity: target.severity.rawValue, waiting: queue.waiting,
            delivered: queue.delivered, omitted: queue.omittedInAll, trouble: trouble?.why,
            troubleSeconds: trouble.map { (now - $0.since).inSeconds }, test: test)
    }

    private func proceed() {
        if let alert = queue.next(at: loop.now) {
            courier.bring(alert) { [self] outcome in
                take(outcome)
                proceed()
            }
        }
        loop.setDeadline(queue.wake, for: self)
    }

    private func take(_ outcome: AlertOutcome) {
        switch outcome {
        case .taken:
            queue.took()
            if trouble != nil { say("alerts: \(target.name) takes them again") }
            trouble = nil
        case .failed(let why), .refused(let why):
            if case .refused = outcome { queue.failed(isRefusal: true, at: loop.now) }
            if case .failed = outcome { queue.failed(isRefusal: false, at: loop.now) }
            // Once, and not at every try.
            if trouble == nil { say("alerts: \(target.name) (\(target.way)) does not take them: \(why)") }
            trouble = (why, trouble?.since ?? loop.now)
        }
    }
}
