import BookendCore

/// Which events somebody is told of: what begins and ends, once each. A suspect of some milliseconds, or a backup that
/// joins, is for `status` and the events.
struct AlertRules {
    /// What is told beside the alarms.
    enum Kind: String, CaseIterable {
        case serverDead = "server-dead"
        case panic
        case shedding
    }

    private let host: String
    /// `POOL/SERVER` of those whose death was told, and whose return is.
    private var dead: Set<String> = []

    init(host: String) {
        self.host = host
    }

    /// A server that was dead when this worker process began: the one before it has told of its death.
    mutating func resume(dead server: String, of pool: String) {
        dead.insert("\(pool)/\(server)")
    }

    /// Nil for what is no news to anybody. What is said is what the log says.
    mutating func alert(_ event: Event) -> Alert? {
        // What matters only to those who look at this moment has no number.
        guard let id = event.id else { return nil }
        let place = [event.pool, event.server].compactMap { $0 }
        func alert(_ kind: String, _ status: Alert.Status, _ severity: String, _ text: String) -> Alert {
            Alert(
                id: "\(id)", at: event.time.inMilliseconds, status: status, severity: severity,
                key: ([kind] + place).joined(separator: "/"), kind: kind, pool: event.pool, server: event.server,
                text: text, host: host)
        }
        func alert(_ kind: Kind, _ status: Alert.Status, _ severity: FleetAlarm.Severity) -> Alert {
            alert(kind.rawValue, status, severity.name, event.text)
        }
        func alarm(_ status: Alert.Status) -> Alert {
            alert(
                event.detail["alarm"]?.text ?? "", status, event.detail["severity"]?.text ?? "page",
                // Without the mark that `Alert.line` sets.
                status == .open ? event.detail["why"]?.text ?? event.text : event.text)
        }
        switch event.kind {
        case .serverState:
            let server = place.joined(separator: "/")
            switch event.detail["state"]?.text.flatMap({ ServerHealth.State(name: $0) }) {
            case .dead: return dead.insert(server).inserted ? alert(.serverDead, .open, .warning) : nil
            case .returning: return dead.remove(server) != nil ? alert(.serverDead, .closed, .warning) : nil
            case .starting, .healthy, .suspect, nil: return nil
            }
        case .panicBegan: return alert(.panic, .open, .page)
        case .panicEnded: return alert(.panic, .closed, .page)
        case .sheddingBegan: return alert(.shedding, .open, .page)
        case .sheddingEnded: return alert(.shedding, .closed, .page)
        case .alarmBegan: return alarm(.open)
        case .alarmEnded: return alarm(.closed)
        default: return nil
        }
    }

    /// Of `bookend alert test`.
    func test(id: String, at time: WallTime) -> Alert {
        Alert(
            id: id, at: time.inMilliseconds, status: .test, severity: "page", key: "test", kind: "test",
            text: "this is a test of Bookend's alerts; nothing is wrong", host: host)
    }
}
