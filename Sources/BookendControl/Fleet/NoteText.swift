import BookendConfig
import BookendCore
import BookendProxy

/// What the fleet notes, as lines for whoever reads them at night.
struct NoteText {
    private let plan: Plan
    private let leases: LeaseText
    private let recycles: RecycleText

    init(_ plan: Plan) {
        self.plan = plan
        leases = LeaseText(plan)
        recycles = RecycleText(plan)
    }

    /// For whoever looks at this moment only: a suspect of some milliseconds is not worth a line.
    func isBrief(_ note: FleetNote) -> Bool {
        if case .recycle(let recycle) = note { return recycles.isBrief(recycle) }
        guard case .server(_, let state, let cause) = note else { return false }
        return switch (state, cause) {
        case (.dead, _), (.returning, _), (.healthy, .slowStartOver): false
        case (.suspect, .errorsInARow), (.suspect, .errorShare): false
        case (.suspect, _), (.starting, _), (.healthy, _): true
        }
    }

    func line(_ note: FleetNote) -> String {
        switch note {
        case .server(let id, .returning, .joined): "\(name(id)) serves, in slow start: \(Cause.joined)"
        case .server(let id, .returning, let cause): "\(name(id)) is back, in slow start: \(cause)"
        case .server(let id, let state, let cause): "\(name(id)) is \(state.name): \(cause)"
        case .diedOfLoad(let id, let inFlight, let ceiling):
            "\(name(id)) died with \(inFlight) requests in flight; it gets no more than \(ceiling) from now on"
        case .slow(let id, Int(Standing.wholeShare)): "\(name(id)) has its whole share again"
        case .slow(let id, _): "\(name(id)) is slower than its peers and gets less of the traffic"
        case .advised(let id, _, isSilent: true):
            "\(name(id)): its agent has been silent for a minute, and has no say any more"
        case .advised(let id, let advice, isSilent: false):
            advice.reason.map { "\(name(id)) gets nothing new: its agent says \($0)" }
                ?? "\(name(id)) may serve again: its agent says so"
        case .backupsJoin(let pool, let backups):
            "\(self.pool(pool)): \(backups.map(name).joined(separator: ", ")) joins for what is missing"
        case .backupsLeave(let pool): "\(self.pool(pool)): the backups are not needed any more"
        case .panic(let pool): "\(self.pool(pool)): no server is healthy; requests go to whoever may still answer"
        case .panicOver(let pool): "\(self.pool(pool)): a server is healthy again"
        case .lease(let id, let lease): leases.line(id, lease)
        case .recycle(let recycle): recycles.line(recycle)
        case .extended(let id, let lease): "\(name(id)) stays out longer, for \(lease.owner): \(lease.why)"
        case .alarm(let alarm): (alarm.severity == .page ? "ALARM: " : "warning: ") + leases.alarm(alarm)
        case .alarmOver(let alarm): "no longer: " + leases.alarm(alarm)
        }
    }

    func shedding(_ id: PoolID, _ change: RefusalWatch.Change) -> String {
        switch change {
        case .began: "\(pool(id)): overload: requests are refused for want of a place"
        case .ended(let span, let refused):
            "\(pool(id)): the overload is over after \(span.rounded); \(refused) requests were refused"
        }
    }

    func refused(_ terms: LeaseTerms, of id: ServerID, _ figures: GuardFigures) -> String {
        "\(terms.owner) may not take \(name(id)) out (\(terms.why)): "
            + leases.refusal(.guarded(figures), id).detail
    }

    /// How its hook ended; nil before.
    func hookEnd(_ recycle: Recycle) -> String? { recycles.end(recycle) }

    func alarm(_ alarm: FleetAlarm) -> String { leases.alarm(alarm) }
    func ending(_ lease: Lease) -> String { leases.ending(lease) }

    private func name(_ id: ServerID) -> String { plan.servers[id.index].name }
    private func pool(_ id: PoolID) -> String { "pool \(plan.pools[id.index].pool.name)" }
}
