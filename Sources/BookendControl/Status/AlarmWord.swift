import BookendCore

/// The kinds of alarms, as everybody who is told of one reads them.
enum AlarmWord: String, CaseIterable {
    case noSpare = "no-spare"
    case share
    case forced
    case overdue
    case forgotten
}

extension FleetAlarm.Kind {
    var word: AlarmWord {
        switch self {
        case .noSpare: .noSpare
        case .share: .share
        case .forced: .forced
        case .overdue: .overdue
        case .forgotten: .forgotten
        }
    }
}
