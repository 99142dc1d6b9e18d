import BookendCore

/// The kinds of alarms, as everybody who is told of one reads them.
enum AlarmWord: String, CaseIterable {
    case noSpare = "no-spare"
    case share
    case forced
    case overdue
    case forgotten
    case recycleWaits = "recycle-waits"
    case recycleFailed = "recycle-failed"
    /// The state folder cannot be written: it is Bookend's own, and no server's or pool's.
    case state

    static let stateSeverity = FleetAlarm.Severity.page
}

extension FleetAlarm.Kind {
    var word: AlarmWord {
        switch self {
        case .noSpare: .noSpare
        case .share: .share
        case .forced: .forced
        case .overdue: .overdue
        case .forgotten: .forgotten
        case .recycleWaits: .recycleWaits
        case .recycleFailed: .recycleFailed
        }
    }
}
