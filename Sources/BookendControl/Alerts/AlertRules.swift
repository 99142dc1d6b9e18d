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

    /// Nil for what is no news to anybody.
    ///
    /// - Parameter id: of the event.
    mutating func alert(_ event: EventReport, id: String) -> Alert? {
        let place = ([event.pool] + [event.server].compactMap { $0 }).joined(separator: "/")
        let pool = "pool \(event.pool)"
        func alert(_ kind: String, _ status: Alert.Status, _ severity: String, _ text: String) -> Alert {
            Alert(
                id: id, at: event.at, status: status, severity: severity, key: "\(kind)/\(place)", kind: kind,
                pool: event.pool, server: event.server, text: text, host: host)
        }
        func alert(_ kind: Kind, _ status: Alert.Status, _ severity: String, _ text: String) -> Alert {
            alert(kind.rawValue, status, severity, text)
        }
        switch event.kind {
        case .serverState:
            let server = "\(event.server ?? "") of \(pool)"
            let why = event.why ?? ""
            switch event.state {
            case "dead":
                guard dead.insert(place).inserted else { return nil }
                return alert(.serverDead, .open, "warning", "\(server) is dead: \(why)")
            case "returning", "healthy":
                guard dead.remove(place) != nil else { return nil }
                return alert(.serverDead, .closed, "warning", "\(server) is back: \(why)")
            default: return nil
            }
        case .panicBegan:
            return alert(
                .panic, .open, "page", "\(pool): no server is healthy; requests go to whoever may still answer")
        case .panicEnded: return alert(.panic, .closed, "page", "\(pool): a server is healthy again")
        case .sheddingBegan:
            return alert(.shedding, .open, "page", "\(pool): requests are refused for want of a place")
        case .sheddingEnded:
            let count = event.shed.map { "; \($0) were" } ?? ""
            return alert(.shedding, .closed, "page", "\(pool): requests are not refused any more\(count)")
        case .alarmBegan:
            return alert(event.alarm ?? "", .open, event.severity ?? "page", event.why ?? "")
        case .alarmEnded:
            return alert(event.alarm ?? "", .closed, event.severity ?? "page", "no longer: \(event.why ?? "")")
        case .serverShare, .capCut, .agentAdvice, .backupsJoined, .backupsLeft, .lease, .leaseExtended: return nil
        }
    }

    /// Of `bookend alert test`.
    func test(id: String, at time: String) -> Alert {
        Alert(
            id: id, at: time, status: .test, severity: "page", key: "test", kind: "test",
            text: "this is a test of Bookend's alerts; nothing is wrong", host: host)
    }
}
