/// What the store says of itself, as events.
final class StoreEvents {
    private let events: Events
    /// The alarm that is open.
    private var alarm: Int64?

    init(_ events: Events) {
        self.events = events
    }

    func note(_ note: StoreNote) {
        switch note {
        // Others go by it.
        case .loaded: break
        case .trouble: alarm = tell(.alarmBegan, note, detail(["why": .text(note.text)]), cause: alarm)
        case .over(_, let lost):
            _ = tell(.alarmEnded, note, detail(["lost_entries": .count(lost)]), cause: alarm)
            alarm = nil
        case .movedAside(_, let aside, _): _ = tell(.store, note, ["moved_to": .text(aside)], cause: nil)
        }
    }

    /// Of the alarm.
    private func detail(_ more: [String: JSONValue]) -> [String: JSONValue] {
        ["alarm": .text(AlarmWord.state.rawValue), "severity": .text(AlarmWord.stateSeverity.name)]
            .merging(more) { $1 }
    }

    private func tell(
        _ kind: Event.Kind, _ note: StoreNote, _ detail: [String: JSONValue], cause: Int64?
    ) -> Int64? {
        events.tell(kind, pool: nil, server: nil, note.line, detail: detail, cause: cause, isBrief: false)
    }
}
