/// Something is wrong although requests may all succeed: what nobody noticed in the outage.
public struct FleetAlarm: Sendable, Equatable {
    public enum Kind: Sendable, Equatable {
        /// One server is left, or the largest could not be missed.
        case noSpare(PoolID)
        /// It gets clearly more of its pool's requests than its share.
        case share(ServerID)
        /// Its lease was taken although the guard did not pass.
        case forced(ServerID)
        /// Its lease is over, and it does not answer its checks.
        case overdue(ServerID)
        /// It is out for longer than its lease.
        case forgotten(ServerID)
        /// It is to be recycled, and the others cannot do without it, or somebody has taken it out.
        case recycleWaits(ServerID)
        /// Its last recycle went wrong.
        case recycleFailed(ServerID)
    }

    public enum Severity: Sendable, Equatable {
        /// For whoever looks.
        case warning
        /// Somebody has to be woken.
        case page
    }

    public let kind: Kind
    public let since: Moment
    /// The leased server that explains it, as long as its lease lasts.
    public let explainedBy: ServerID?

    public var severity: Severity {
        switch kind {
        case .noSpare: explainedBy == nil ? .page : .warning
        case .share, .forced, .recycleWaits: .warning
        case .overdue, .forgotten, .recycleFailed: .page
        }
    }
}

/// The alarms that are open.
struct AlarmBook: Sendable {
    private(set) var open: [FleetAlarm] = []

    /// That server has left the fleet: it explains nothing any more.
    mutating func forget(_ server: ServerID) {
        for index in open.indices where open[index].explainedBy == server {
            open[index] = FleetAlarm(kind: open[index].kind, since: open[index].since, explainedBy: nil)
        }
    }

    /// Opens or closes one; gives what is to be told. One that is no longer explained is told again.
    mutating func set(
        _ kind: FleetAlarm.Kind, _ isOn: Bool, explainedBy: ServerID?, at now: Moment
    ) -> FleetNote? {
        guard let index = open.firstIndex(where: { $0.kind == kind }) else {
            guard isOn else { return nil }
            let alarm = FleetAlarm(kind: kind, since: now, explainedBy: explainedBy)
            open.append(alarm)
            return .alarm(alarm)
        }
        let before = open[index]
        guard isOn else {
            open.remove(at: index)
            return .alarmOver(before)
        }
        guard before.explainedBy != explainedBy else { return nil }
        open[index] = FleetAlarm(kind: kind, since: before.since, explainedBy: explainedBy)
        return before.severity == open[index].severity ? nil : .alarm(open[index])
    }
}

/// Whether something has held for so long without a pause.
struct Dwell: Sendable, Equatable {
    private var since: Moment?

    mutating func holds(_ condition: Bool, for span: TimeSpan, at now: Moment) -> Bool {
        guard condition else {
            since = nil
            return false
        }
        let since = since ?? now
        self.since = since
        return now - since >= span
    }
}

enum AlarmLimits {
    /// How often alarms are looked after.
    static let pace = TimeSpan.seconds(1)
    /// One server left: no restart of the other takes longer than this unless something is wrong.
    static let oneLeft = TimeSpan.seconds(10)
    /// Too little capacity without the largest server: a peak of a moment is nothing to wake people for.
    static let noSpare = TimeSpan.seconds(60)
    /// Of the fair share.
    static let share = 1.3
    /// Looked at in spans of so long, so many in a row.
    static let shareSpan = TimeSpan.seconds(10)
    static let shareSpans = 6
    /// Fewer requests in a span tell nothing about shares: chance alone makes 1.3 of a half once in a thousand.
    static let fewestRequests: UInt64 = 200
}
