import BookendConfig
import BookendCore
import BookendLoop
import BookendProxy

/// Tells the targets of `alerts` what happens. Nothing waits for it: what a target has not taken waits in its own queue.
final class AlertDesk {
    private let loop: Loop
    private var senders: [AlertSender] = []
    private var couriers: Couriers
    private var rules: AlertRules
    /// What is wrong now, for targets that are new. Bounded as a queue is.
    private var open: [Alert] = []
    /// Takes one line of text.
    private let say: (String) -> Void
    private var random = SystemRandomNumberGenerator()
    /// Tells the tests of this worker process apart from those of others, and from each other.
    private var tests = 0

    /// - Parameter say: takes one line of text.
    init(_ targets: [PreparedTarget], on loop: Loop, say: @escaping (String) -> Void) throws(Errno) {
        self.loop = loop
        self.say = say
        couriers = Couriers(on: loop)
        rules = AlertRules(host: AlertCourier.hostName)
        for target in targets {
            let courier = try couriers.make(target)
            senders.append(sender(target, by: courier))
        }
    }

    /// A server that was dead when this worker process began.
    func resume(dead server: String, of pool: String) {
        rules.resume(dead: server, of: pool)
    }

    func take(_ event: Event) {
        guard let alert = rules.alert(event) else { return }
        open.removeAll { $0.key == alert.key }
        if alert.status == .open {
            open.append(alert)
            if open.count > AlertLimits.waiting { open.remove(at: open.firstIndex { !$0.isPage } ?? 0) }
        }
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

    private func sender(_ target: PreparedTarget, by courier: AlertCourier) -> AlertSender {
        AlertSender(target, by: courier, on: loop, seed: random.next(), say: say)
    }
}

// MARK: - Other targets

extension AlertDesk {
    /// Targets that can be told from now on: everything they need is there.
    struct Change {
        fileprivate struct Step {
            let target: PreparedTarget
            /// The sender that goes on with it, by its place; nil for a new one.
            let source: Int?
            /// Nil for the one that the sender has.
            let courier: AlertCourier?
        }

        fileprivate var steps: [Step] = []
    }

    /// Nothing has changed yet; what is made is gone if it is not taken.
    func prepare(_ targets: [PreparedTarget]) throws(Couriers.Shortage) -> Change {
        let sources = targets.map(\.target).kept(from: senders.map(\.target))
        var change = Change()
        for (target, source) in zip(targets, sources) {
            var courier: AlertCourier?
            if source.map({ !target.hasSameCourier(as: senders[$0].prepared) }) ?? true {
                courier = try couriers.make(anew: target)
            }
            change.steps.append(Change.Step(target: target, source: source, courier: courier))
        }
        return change
    }

    /// A target that stays keeps what waits for it; a new one is told what is wrong now.
    ///
    /// - Returns: what nobody can see by comparing the files, a line each.
    func follow(_ change: Change) -> [String] {
        let before = senders
        var lines: [String] = []
        senders = change.steps.compactMap { step in
            guard let source = step.source else { return step.courier.map { sender(step.target, by: $0) } }
            let (kept, target) = (before[source], step.target.target)
            if target == kept.target, step.target.hasOtherSecret(than: kept.prepared) {
                lines.append("alerts: \(target.name): the secret has changed")
            }
            kept.change(to: step.target, by: step.courier)
            return kept
        }
        let kept = Set(change.steps.compactMap(\.source))
        for (index, sender) in before.enumerated() where !kept.contains(index) {
            let waiting = sender.end()
            if waiting > 0 { lines.append("alerts: \(sender.target.name): not told of \(waiting) that waited for it") }
        }
        for (sender, step) in zip(senders, change.steps) where step.source == nil {
            for alert in open { sender.take(alert) }
        }
        return lines
    }
}
