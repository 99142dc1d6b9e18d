import BookendConfig
import BookendCore
import BookendLoop
import BookendProxy
import Foundation

/// Turns what the fleet does, and what workers refuse, into events.
final class FleetEvents: EventSource {
    /// Shedding is over when nothing was refused for so long.
    private static let calm = TimeSpan.seconds(5)
    /// Bytes of a hook's output: the ring holds a thousand events.
    private static let output = 4_096

    private struct Shedding {
        var count: UInt64
        var last: Moment
    }

    private let plan: Plan
    private let log: EventLog
    private let text: LeaseText
    private let recycles: RecycleText
    private unowned let loop: Loop
    /// Of each server: how many it got when its death was told last.
    private var deathCaps: [Int?]
    /// Of each pool, while it sheds.
    private var shedding: [Shedding?]

    init(_ plan: Plan, _ log: EventLog, on loop: Loop) {
        self.plan = plan
        self.log = log
        text = LeaseText(plan)
        recycles = RecycleText(plan)
        self.loop = loop
        deathCaps = Array(repeating: nil, count: plan.servers.count)
        shedding = Array(repeating: nil, count: plan.pools.count)
        super.init()
        loop.add(self)
    }

    func take(_ action: FleetAction) {
        switch action {
        case .note(let note): take(note)
        case .limit(let server, let cap):
            guard cap.reason == .death else { return }
            // It grows again step by step, which is not worth a word.
            defer { deathCaps[server.index] = cap.limit }
            guard deathCaps[server.index].map({ cap.limit < $0 }) ?? true else { return }
            append(.capCut, server) { $0.cap = cap.limit }
        case .probe, .tryOut, .publish, .wait, .runHook: break
        }
    }

    func take(_ observations: Observations) {
        for pool in shedding.indices where observations.pools[pool].shed > 0 {
            if shedding[pool] == nil { append(.sheddingBegan, PoolID(index: pool)) }
            let before = shedding[pool]?.count ?? 0
            shedding[pool] = Shedding(count: before + observations.pools[pool].shed, last: loop.now)
        }
        lookAgain()
    }

    override func deadlinePassed() {
        for pool in shedding.indices {
            guard let known = shedding[pool], loop.now - known.last >= Self.calm else { continue }
            shedding[pool] = nil
            append(.sheddingEnded, PoolID(index: pool)) { $0.shed = known.count }
        }
        lookAgain()
    }

    private func lookAgain() {
        let next = shedding.compactMap { $0.map { $0.last + Self.calm } }.min()
        loop.setDeadline(next ?? .distantFuture, for: self)
    }

    private func take(_ note: FleetNote) {
        switch note {
        case .server(let id, let state, let cause):
            append(.serverState, id) { report in
                report.state = state.name
                report.why = "\(cause)"
            }
        case .slow(let id, let share):
            append(.serverShare, id) { $0.share = Double(share) / Double(Standing.wholeShare) }
        case .advised(let id, let advice, let isSilent):
            append(.agentAdvice, id) { $0.why = isSilent ? "silent" : advice.reason ?? "ready" }
        case .backupsJoin(let pool, let backups):
            append(.backupsJoined, pool) { $0.servers = backups.map { plan.servers[$0.index].name } }
        case .backupsLeave(let pool): append(.backupsLeft, pool)
        case .panic(let pool): append(.panicBegan, pool)
        case .panicOver(let pool): append(.panicEnded, pool)
        case .lease(let id, let lease): append(.lease, id, lease)
        case .extended(let id, let lease): append(.leaseExtended, id, lease)
        case .recycle(let recycle): append(recycle)
        case .alarm(let alarm): append(.alarmBegan, alarm)
        case .alarmOver(let alarm): append(.alarmEnded, alarm)
        }
    }

    private func append(_ kind: EventReport.Kind, _ id: ServerID, _ lease: Lease) {
        append(kind, id) { report in
            report.state = lease.state.name
            report.owner = lease.owner
            report.why = lease.why
        }
    }

    private func append(_ recycle: Recycle) {
        append(.recycle, recycle.server) { report in
            report.state = recycle.phase.name
            report.owner = recycle.owner
            report.why = recycle.phase == .waiting(.turn) ? recycle.why : recycles.state(recycle)
            guard recycle.phase == .verifying else { return }
            report.hook = recycles.end(recycle)
            report.output = recycle.result.map { HookOutput.printable($0.output, longest: Self.output) }
        }
    }

    private func append(_ kind: EventReport.Kind, _ alarm: FleetAlarm) {
        func fill(_ report: inout EventReport) {
            report.alarm = alarm.kind.name
            report.severity = alarm.severity.name
            report.why = text.alarm(alarm)
        }
        switch alarm.kind {
        case .noSpare(let pool): append(kind, pool, fill)
        case .share(let id), .forced(let id), .overdue(let id), .forgotten(let id), .recycleWaits(let id),
            .recycleFailed(let id):
            append(kind, id, fill)
        }
    }

    private func append(_ kind: EventReport.Kind, _ id: ServerID, _ fill: (inout EventReport) -> Void) {
        let server = plan.servers[id.index]
        append(kind, server.pool) { report in
            report.server = server.name
            fill(&report)
        }
    }

    private func append(_ kind: EventReport.Kind, _ pool: PoolID) {
        append(kind, pool) { _ in }
    }

    private func append(_ kind: EventReport.Kind, _ pool: PoolID, _ fill: (inout EventReport) -> Void) {
        let now = Date(timeIntervalSince1970: Double(loop.kernel.wallClock()) / 1e9)
        var report = EventReport(
            at: now.formatted(Date.ISO8601FormatStyle(includingFractionalSeconds: true)), kind: kind,
            pool: plan.pools[pool.index].pool.name)
        fill(&report)
        log.append(report)
    }
}
