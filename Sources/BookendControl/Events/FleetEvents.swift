import BookendConfig
import BookendCore
import BookendLoop
import BookendProxy

/// Turns what the fleet notes into events, and what follows from what into causes.
final class FleetEvents {
    /// The end of what a clean-up hook wrote. It is long, so those who listen are told how the hook ended.
    static let hookOutput = "hook_output"

    /// Somebody who asks again and again for what the guard refuses is told of once in so long.
    private static let betweenRefusals = TimeSpan.seconds(60)

    private let current: CurrentPlan
    private var plan: Plan { current.plan }
    private let events: Events
    private var text: NoteText { NoteText(plan) }
    private unowned let loop: Loop
    /// Of each server, the event about its state, and about its lease, that came last.
    private var states: [Int64?]
    private var leases: [Int64?]
    /// And about its recycle.
    private var recycles: [Int64?]
    private var refusedAt: [Moment?]
    private var openAlarms: [(kind: FleetAlarm.Kind, event: Int64?)] = []
    /// Of each pool.
    private var refusals: [RefusalWatch]
    private var shedding: [Int64?]

    init(_ current: CurrentPlan, _ events: Events, on loop: Loop) {
        self.current = current
        self.events = events
        self.loop = loop
        let plan = current.plan
        states = plan.servers.map { _ in nil }
        leases = states
        recycles = states
        refusedAt = plan.servers.map { _ in nil }
        refusals = plan.pools.map { _ in RefusalWatch() }
        shedding = plan.pools.map { _ in nil }
    }

    /// The plan is another one from now on: servers come and go.
    func follow(_ plan: Plan, after last: Plan) {
        let servers = plan.servers.count - states.count
        let pools = plan.pools.count - refusals.count
        states += Array(repeating: nil, count: servers)
        leases += Array(repeating: nil, count: servers)
        recycles += Array(repeating: nil, count: servers)
        refusedAt += Array(repeating: nil, count: servers)
        refusals += Array(repeating: RefusalWatch(), count: pools)
        shedding += Array(repeating: nil, count: pools)
        for pool in last.pools.indices where plan.pools[pool].hasLeft != last.pools[pool].hasLeft {
            refusals[pool] = RefusalWatch()
            shedding[pool] = nil
        }
        for id in plan.joining {
            states[id.index] = nil
            leases[id.index] = nil
            recycles[id.index] = nil
            refusedAt[id.index] = nil
            tell(
                .serverAdded, id,
                "\(plan.servers[id.index].name) has come to pool \(poolName(plan.servers[id.index].pool))")
        }
        for id in plan.leaving(last) {
            tell(
                .serverRemoved, id,
                "\(plan.servers[id.index].name) has left pool \(poolName(plan.servers[id.index].pool))")
        }
    }

    /// For whoever looks now: the journal has it with the change of the configuration.
    private func tell(_ kind: Event.Kind, _ id: ServerID, _ text: String) {
        let server = plan.servers[id.index]
        events.tell(
            kind, pool: poolName(server.pool), server: server.name, text,
            detail: ["address": .text(server.address)], cause: nil, isBrief: true)
    }

    func note(_ note: FleetNote) {
        switch note {
        case .server(let id, let state, let cause):
            let detail: [String: JSONValue] = ["state": .text(state.name), "why": .text("\(cause)")]
            states[id.index] = tell(.serverState, id, note, detail, states[id.index]) ?? states[id.index]
        case .diedOfLoad(let id, let inFlight, let ceiling):
            tell(.capCut, id, note, ["in_flight": .count(inFlight), "cap": .count(ceiling)], states[id.index])
        case .slow(let id, let share):
            tell(.serverShare, id, note, ["share": .number(Double(share) / Double(Standing.wholeShare))], nil)
        case .advised(let id, let advice, let isSilent):
            tell(.agentAdvice, id, note, ["why": .text(isSilent ? "silent" : advice.reason ?? "ready")], nil)
        case .backupsJoin(let pool, let backups):
            tell(.backupsJoined, pool, note, ["servers": .list(backups.map { .text(plan.servers[$0.index].name) })])
        case .backupsLeave(let pool): tell(.backupsLeft, pool, note, [:])
        case .panic(let pool): tell(.panicBegan, pool, note, [:])
        case .panicOver(let pool): tell(.panicEnded, pool, note, [:])
        case .lease(let id, let lease):
            let event = tell(.lease, id, note, detail(of: lease), cause(of: lease, id))
            leases[id.index] = lease.state == .back ? nil : event
        case .extended(let id, let lease):
            leases[id.index] = tell(.leaseExtended, id, note, detail(of: lease), leases[id.index])
        case .recycle(let recycle):
            let id = recycle.server
            let cause = recycle.phase == .waiting(.turn) ? nil : recycles[id.index]
            recycles[id.index] = tell(.recycle, id, note, detail(of: recycle), cause) ?? cause
        case .alarm(let alarm):
            let event = tell(.alarmBegan, alarm, note, cause(of: alarm))
            openAlarms.removeAll { $0.kind == alarm.kind }
            openAlarms.append((alarm.kind, event))
        case .alarmOver(let alarm):
            let began = openAlarms.first { $0.kind == alarm.kind }?.event
            openAlarms.removeAll { $0.kind == alarm.kind }
            tell(.alarmEnded, alarm, note, began)
        }
    }

    /// The guard did not let a server go.
    func refused(_ terms: LeaseTerms, of id: ServerID, _ figures: GuardFigures) {
        if let last = refusedAt[id.index], loop.now - last < Self.betweenRefusals { return }
        refusedAt[id.index] = loop.now
        let server = plan.servers[id.index]
        events.tell(
            .leaseRefused, pool: poolName(server.pool), server: server.name, text.refused(terms, of: id, figures),
            detail: [
                "owner": .text(terms.owner), "why": .text(terms.why), "guard": JSONValue(GuardReport(figures, plan)),
            ], cause: nil, isBrief: false)
    }

    /// A lease from before, on a server that is not in the configuration any more.
    func dropped(_ lease: LeaseRecord) {
        events.tell(
            .lease, pool: lease.pool, server: lease.server,
            "\(lease.server) is not in the configuration any more: its lease, of \(lease.owner), is dropped",
            detail: ["state": "back", "owner": .text(lease.owner), "why": .text(lease.why)], cause: nil, isBrief: false)
    }

    /// - Parameter counts: of each pool, requests refused for want of a place since the last look.
    func look(refused counts: [Int], at now: Moment) {
        for index in refusals.indices {
            guard let change = refusals[index].see(UInt64(clamping: counts[index]), at: now) else { continue }
            let pool = PoolID(index: index)
            func tell(_ kind: Event.Kind, _ detail: [String: JSONValue]) -> Int64? {
                events.tell(
                    kind, pool: poolName(pool), server: nil, text.shedding(pool, change), detail: detail,
                    cause: shedding[index], isBrief: false)
            }
            switch change {
            case .began: shedding[index] = tell(.sheddingBegan, [:])
            case .ended(let span, let count):
                _ = tell(.sheddingEnded, ["refused": .number(Double(count)), "seconds": .number(span.inSeconds)])
                shedding[index] = nil
            }
        }
    }
}

// MARK: - What follows from what

extension FleetEvents {
    /// A server that the others need comes back because of what they lack; otherwise one state follows from another.
    private func cause(of lease: Lease, _ id: ServerID) -> Int64? {
        let need: Lease.Need
        switch lease.ending {
        case .recalled(let one) where lease.state == .verifying: need = one
        case .saturated(let one): need = one
        case .recycled where lease.state == .verifying: return recycles[id.index] ?? leases[id.index]
        case nil where lease.isRecycle: return leases[id.index] ?? recycles[id.index]
        default: return leases[id.index]
        }
        let found =
            switch need {
            case .lost(let other): other.flatMap { states[$0.index] }
            case .requestsRefused: shedding[plan.servers[id.index].pool.index]
            case .requestsWait: Int64?.none
            }
        return found ?? leases[id.index]
    }

    private func cause(of alarm: FleetAlarm) -> Int64? {
        switch alarm.kind {
        case .noSpare: alarm.explainedBy.flatMap { leases[$0.index] }
        case .forced(let id), .overdue(let id): leases[id.index]
        case .forgotten(let id): leases[id.index] ?? states[id.index]
        case .recycleWaits(let id), .recycleFailed(let id): recycles[id.index]
        case .share: nil
        }
    }
}

// MARK: - Telling

extension FleetEvents {
    @discardableResult
    private func tell(
        _ kind: Event.Kind, _ id: ServerID, _ note: FleetNote, _ detail: [String: JSONValue], _ cause: Int64?
    ) -> Int64? {
        let server = plan.servers[id.index]
        return events.tell(
            kind, pool: poolName(server.pool), server: server.name, text.line(note), detail: detail, cause: cause,
            isBrief: text.isBrief(note))
    }

    private func tell(_ kind: Event.Kind, _ pool: PoolID, _ note: FleetNote, _ detail: [String: JSONValue]) {
        events.tell(
            kind, pool: poolName(pool), server: nil, text.line(note), detail: detail, cause: nil, isBrief: false)
    }

    @discardableResult
    private func tell(_ kind: Event.Kind, _ alarm: FleetAlarm, _ note: FleetNote, _ cause: Int64?) -> Int64? {
        let detail: [String: JSONValue] = [
            "alarm": .text(alarm.kind.word.rawValue), "severity": .text(alarm.severity.name),
            "why": .text(text.alarm(alarm)),
        ]
        switch alarm.kind {
        case .noSpare(let pool):
            return events.tell(
                kind, pool: poolName(pool), server: nil, text.line(note), detail: detail, cause: cause, isBrief: false)
        case .share(let id), .forced(let id), .overdue(let id), .forgotten(let id), .recycleWaits(let id),
            .recycleFailed(let id):
            return tell(kind, id, note, detail, cause)
        }
    }

    private func detail(of lease: Lease) -> [String: JSONValue] {
        var detail: [String: JSONValue] = [
            "state": .text(lease.state.name), "owner": .text(lease.owner), "why": .text(lease.why),
            "forced": .flag(lease.isForced), "recall": .flag(lease.mayRecall),
        ]
        if lease.ending == nil {
            let now = WallTime(unixNanoseconds: loop.kernel.wallClock())
            detail["ends_at"] = .text(now.plus(lease.ends - loop.now).inMilliseconds)
        } else {
            detail["ending"] = .text(text.ending(lease))
        }
        // On which the decision rests: said once.
        if let figures = lease.figures, lease.ending == nil, lease.state == .asked || lease.state == .draining {
            detail["guard"] = JSONValue(GuardReport(figures, plan))
        }
        return detail
    }

    private func detail(of recycle: Recycle) -> [String: JSONValue] {
        var detail: [String: JSONValue] = [
            "state": .text(recycle.phase.name), "owner": .text(recycle.owner), "why": .text(recycle.why),
            "cause": .text(recycle.causeName),
        ]
        switch recycle.phase {
        case .waiting(let wait): detail["waits_for"] = .text(wait.name)
        case .over(let outcome): detail["outcome"] = .text(outcome.name)
        case .verifying:
            // As much as an entry of the journal holds, from the end.
            detail["hook"] = text.hookEnd(recycle).map { .text($0) }
            detail[Self.hookOutput] = recycle.result.map {
                .text(HookOutput.printable($0.output, longest: StoreLimits.detail))
            }
        case .draining, .hook, .overdue, .slowStart: break
        }
        return detail
    }

    private func poolName(_ id: PoolID) -> String { plan.pools[id.index].pool.name }
}
