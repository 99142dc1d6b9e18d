import BookendConfig
import BookendCore
import BookendLoop
import BookendProxy
import Glibc

// The configuration in force is what the file says and what was changed while Bookend ran. A change of either is prepared on
// the thread for slow work, where names are resolved and files opened, and taken into force between two turns of the control
// loop, or not at all:
//
//     wanted ──▶ prepared: checked, numbered, resolved ──▶ status, verdicts, workers ──▶ in force: every worker says so
//                   │ cannot be
//                   ▼
//                refused, and nothing has changed
//
// One after another: each is prepared with what the one before left. Workers swap their plan by a message, so that for some
// microseconds one picks by the old and another by the new; numbers of servers mean the same in both.

/// What Bookend runs with, and everything that changes it.
final class RunningConfiguration {
    /// What is wanted.
    enum Order {
        /// This file instead of the one before. The sockets of its new listeners, by their place.
        case file(text: String, kept: [Int?], sockets: [Int: [Int32]])
        /// Another change beside the file; nothing, or a reason against it.
        case edit((Configuration, RunningChanges) -> Result<RunningChanges, Refusal>)
    }

    /// Why nothing has changed.
    struct Refusal: Error, Sendable {
        /// Of the problem document.
        let status: Int
        let text: String
    }

    typealias Outcome = Result<ChangeReport, Refusal>

    /// Orders that wait for their turn.
    private static let mostWaiting = 64
    /// In which every worker has had its turn, so that nothing more goes to a log that was replaced.
    private static let logRest = TimeSpan.seconds(5)

    private let loop: Loop
    private let slow: SlowWork
    private let current: CurrentPlan
    private let parts: Parts
    private var workers: [WorkerThread] = []
    private let disk: ChangesFile
    private let news: ConfigurationNews
    private let say: (String) -> Void
    private(set) var file: Configuration
    private(set) var changes: RunningChanges
    private var log: LogThread?
    private var retiredLogs: [LogThread] = []
    private var waiting: [(order: Order, then: (Outcome) -> Void)] = []
    private var present: (order: Order, then: (Outcome) -> Void)?
    private var prepared: Mailbox<Result<PreparedChange, Refusal>>?
    /// From each worker that goes by a change.
    private var swapped: Mailbox<Void>?
    /// What is said when all do, and how many do not yet.
    private var swapping: (report: ChangeReport, missing: Int)?

    /// Whom a change has to reach.
    struct Parts {
        let runner: FleetRunner
        let status: FleetStatus
        let events: FleetEvents
        let runs: RunEvents
    }

    /// - Parameters:
    ///   - file: as the supervisor checked it, with `changes` in force beside it.
    ///   - say: takes one line of text.
    init(
        _ file: Configuration, _ changes: RunningChanges, _ current: CurrentPlan, _ parts: Parts, log: LogThread?,
        disk: ChangesFile, news: ConfigurationNews, by slow: SlowWork, on loop: Loop, say: @escaping (String) -> Void
    ) throws(Errno) {
        self.file = file
        self.changes = changes
        self.current = current
        self.parts = parts
        self.log = log
        self.disk = disk
        self.news = news
        self.slow = slow
        self.loop = loop
        self.say = say
        news.differences = changes.all.map { "\($0)" }
        prepared = try Mailbox(on: loop) { [unowned self] in take($0) }
        swapped = try Mailbox(on: loop) { [unowned self] in workerSwapped() }
    }

    /// These serve.
    func start(_ workers: [WorkerThread]) {
        self.workers = workers
    }

    /// `then` is called once, not before this returns.
    func change(_ order: Order, then: @escaping (Outcome) -> Void) {
        guard waiting.count < Self.mostWaiting else {
            discard(order)
            let refusal = Refusal(status: 429, text: "\(Self.mostWaiting) changes wait already; ask again")
            _ = Alarm(on: loop, at: loop.now) { then(.failure(refusal)) }
            return
        }
        waiting.append((order, then))
        if present == nil { begin() }
    }

    /// Writes what still waits for the log.
    func finish() {
        for log in retiredLogs { log.finish() }
        log?.finish()
    }

    // MARK: - Preparing

    private func begin() {
        guard present == nil, !waiting.isEmpty else { return }
        let next = waiting.removeFirst()
        present = next
        let draft: PreparedChange.Draft
        switch next.order {
        case .file(let text, _, _):
            draft = .init(text: text, file: file, changes: changes, last: current.plan, current.vacancies, log)
        case .edit(let edit):
            switch edit(file, changes) {
            case .success(let changes):
                draft = .init(text: nil, file: file, changes: changes, last: current.plan, current.vacancies, log)
            case .failure(let refusal):
                prepared?.post(.failure(refusal))
                return
            }
        }
        guard let prepared else { return }
        guard slow.post({ prepared.post(PreparedChange.prepare(draft)) }) else {
            prepared.post(.failure(Refusal(status: 429, text: "too much waits for the disk; ask again")))
            return
        }
    }

    private func take(_ result: Result<PreparedChange, Refusal>) {
        guard let (order, _) = present else { return }
        switch result {
        case .success(let change): apply(change, order)
        case .failure(let refusal):
            discard(order)
            ended(.failure(refusal))
        }
    }

    private func workerSwapped() {
        guard var swapping else { return }
        swapping.missing -= 1
        self.swapping = swapping
        if swapping.missing <= 0 { ended(.success(swapping.report)) }
    }

    private func ended(_ outcome: Outcome) {
        guard let (_, then) = present else { return }
        present = nil
        swapping = nil
        then(outcome)
        begin()
    }

    /// Nobody will use these sockets.
    private func discard(_ order: Order) {
        guard case .file(_, _, let sockets) = order else { return }
        HeldDescriptors.close(sockets.values.flatMap { $0 })
    }

    // MARK: - Taking into force

    private func apply(_ change: PreparedChange, _ order: Order) {
        let last = current.plan
        let difference = ConfigurationChange(from: last.configuration, to: change.plan.configuration)
        file = change.file
        if change.changes != changes { _ = disk.save(change.changes) }
        changes = change.changes
        news.differences = changes.all.map { "\($0)" }
        let report = ChangeReport(
            changed: difference.lines, differs: news.differences, forgotten: change.dropped)
        let isNew = !difference.isEmpty || !change.plan.joining.isEmpty || change.log.isNew
        guard isNew, let swapped else { return ended(.success(report)) }
        swapping = (report, workers.count)
        current.follow(change.plan)
        parts.status.follow(change.plan, after: last)
        if !difference.isEmpty { parts.runs.changed(difference.lines, change.plan.configuration) }
        parts.events.follow(change.plan, after: last)
        parts.runner.change(after: last) { standings in
            hand(over: change, order, standings) { swapped.post(()) }
        }
        replaceLog(change.log)
    }

    private func hand(
        over change: PreparedChange, _ order: Order, _ standings: [Standing], done: @escaping @Sendable () -> Void
    ) {
        let listeners = change.plan.configuration.listeners.indices
        for (index, worker) in workers.enumerated() {
            let sources = listeners.map { listener -> WorkerChange.Source in
                guard case .file(_, let kept, let sockets) = order else { return .kept(listener) }
                if let source = kept[listener] { return .kept(source) }
                return .socket(sockets[listener]?[index] ?? -1)
            }
            worker.change(
                WorkerChange(
                    plan: change.plan, standings: standings, listeners: sources, log: change.log.output(change.plan)),
                done: done)
        }
    }

    private func replaceLog(_ change: PreparedChange.Log) {
        guard change.isNew else { return }
        if let old = log {
            retiredLogs.append(old)
            // Later, as workers may hold lines for it, and elsewhere, as a disk may be slow.
            _ = Alarm(on: loop, at: loop.now + Self.logRest) { [unowned self] in
                let ended = retiredLogs.removeFirst()
                slow.post { ended.finish() }
            }
        }
        log = change.thread
        parts.status.follow(log?.writer)
    }
}
