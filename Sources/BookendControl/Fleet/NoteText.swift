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

    /// Nil for what only the status shows: a suspect for some milliseconds is not worth a line.
    func line(_ note: FleetNote) -> String? {
        switch note {
        case .server(let id, let state, let cause):
            switch state {
            case .dead: "\(name(id)) is dead: \(cause)"
            case .returning: "\(name(id)) is back, in slow start: \(cause)"
            case .healthy where cause == .slowStartOver: "\(name(id)) is healthy: \(cause)"
            case .suspect: isBrief(cause) ? nil : "\(name(id)) is suspect: \(cause)"
            case .starting, .healthy: nil
            }
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

    private func isBrief(_ cause: Cause) -> Bool {
        switch cause {
        case .errorsInARow, .errorShare: false
        default: true
        }
    }

    private func name(_ id: ServerID) -> String { plan.servers[id.index].name }
    private func pool(_ id: PoolID) -> String { "pool \(plan.pools[id.index].pool.name)" }
}
