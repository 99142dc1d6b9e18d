import BookendConfig
import BookendCore
import BookendProxy

/// What the fleet notes, as lines for whoever reads them at night.
struct NoteText {
    private let plan: Plan

    init(_ plan: Plan) {
        self.plan = plan
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
        case .diedOfLoad(let id, let inFlight, let ceiling):
            "\(name(id)) died with \(inFlight) requests in flight; it gets no more than \(ceiling) from now on"
        case .slow(let id, Int(Standing.wholeShare)): "\(name(id)) has its whole share again"
        case .slow(let id, _): "\(name(id)) is slower than its peers and gets less of the traffic"
        case .backupsJoin(let pool, let backups):
            "\(self.pool(pool)): \(backups.map(name).joined(separator: ", ")) joins for what is missing"
        case .backupsLeave(let pool): "\(self.pool(pool)): the backups are not needed any more"
        case .panic(let pool): "\(self.pool(pool)): no server is healthy; requests go to whoever may still answer"
        case .panicOver(let pool): "\(self.pool(pool)): a server is healthy again"
        }
    }

    func overload(_ id: PoolID, _ change: RefusalWatch.Change) -> String {
        switch change {
        case .began: "\(pool(id)): overload: requests are refused for want of a place"
        case .ended(let span, let refused):
            "\(pool(id)): the overload is over after \(span.rounded); \(refused) requests were refused"
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
