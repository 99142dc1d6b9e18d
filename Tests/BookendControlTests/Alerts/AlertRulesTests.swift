import Testing

@testable import BookendControl

@Suite("What somebody is told")
struct AlertRulesTests {
    private var rules = AlertRules(host: "lb-1")

    private func event(_ kind: EventReport.Kind, _ fill: (inout EventReport) -> Void = { _ in }) -> EventReport {
        var report = EventReport(at: "2026-11-21T01:26:00.000Z", kind: kind, pool: "bookty")
        fill(&report)
        return report
    }

    private mutating func told(_ event: EventReport, id: String) throws -> Alert {
        let alert = rules.alert(event, id: id)
        return try #require(alert)
    }

    private func state(_ state: String) -> EventReport {
        event(.serverState) {
            $0.server = "web-02"
            $0.state = state
            $0.why = "connection refused"
        }
    }

    @Test("A server's death and its return, once each, however it wavers in between")
    mutating func server() {
        let states = [
            "suspect", "healthy", "suspect", "dead", "dead", "returning", "suspect", "returning", "healthy", "dead",
        ]
        var told: [String] = []
        for name in states {
            if let alert = rules.alert(state(name), id: "1") {
                #expect(
                    alert.key == "server-dead/bookty/web-02" && alert.severity == "warning" && alert.server == "web-02")
                told.append("\(alert.status.rawValue) \(name)")
            }
        }
        #expect(told == ["open dead", "closed returning", "open dead"])
    }

    @Test("The return of a server is told although another worker process told of its death")
    mutating func resumed() throws {
        rules.resume(dead: "web-02", of: "bookty")
        let again = rules.alert(state("dead"), id: "1")
        #expect(again == nil)
        let back = try told(state("returning"), id: "2")
        #expect(back.status == .closed)
    }

    @Test("An alarm's beginning and its end have the same key, its severity and its words")
    mutating func alarm() throws {
        func fill(_ report: inout EventReport) {
            report.alarm = "no-spare"
            report.severity = "page"
            report.why = "pool bookty has no spare"
        }
        let open = try told(event(.alarmBegan, fill), id: "life-7")
        let closed = try told(event(.alarmEnded, fill), id: "life-9")
        #expect(open.key == "no-spare/bookty" && open.key == closed.key)
        #expect(open.status == .open && closed.status == .closed && open.isPage && open.id == "life-7")
        #expect(open.line == "ALARM: pool bookty has no spare [bookend on lb-1]")
        #expect(closed.line == "over: no longer: pool bookty has no spare [bookend on lb-1]")
    }

    @Test("Nobody healthy and refused requests are pages, from beginning to end")
    mutating func pages() throws {
        for (began, ended) in [
            (EventReport.Kind.panicBegan, EventReport.Kind.panicEnded), (.sheddingBegan, .sheddingEnded),
        ] {
            let open = try told(event(began), id: "1")
            let closed = try told(event(ended) { $0.shed = 12 }, id: "2")
            #expect(open.isPage && open.status == .open && closed.status == .closed && open.key == closed.key)
        }
    }

    @Test("What the fleet does about it by itself is no news to anybody")
    mutating func quiet() {
        for kind: EventReport.Kind in [
            .serverShare, .capCut, .agentAdvice, .backupsJoined, .backupsLeft, .lease, .leaseExtended,
        ] {
            let alert = rules.alert(event(kind), id: "1")
            #expect(alert == nil, "\(kind)")
        }
    }

    @Test("A line says what was left out")
    mutating func omitted() throws {
        var alert = try told(state("dead"), id: "1")
        alert.omitted = 3
        #expect(
            alert.line == "warning: web-02 of pool bookty is dead: connection refused"
                + " (3 earlier alerts were left out) [bookend on lb-1]")
    }

    @Test("As a message of syslog it has the fields of RFC 5424, whatever the machine is called")
    mutating func syslog() throws {
        let alert = try told(event(.panicBegan), id: "life-3")
        let line = SyslogLine(alert, SyslogLine.Facts(host: "lb 1", process: 42))
        #expect(
            String(decoding: line.bytes, as: UTF8.self)
                == "<25>1 2026-11-21T01:26:00.000Z lb1 bookend 42 panic - ALARM: pool bookty: no server is healthy; requests"
                + " go to whoever may still answer [bookend on lb-1] (open panic/bookty, id life-3)")
        let facts = SyslogLine.Facts(host: "", process: 42)
        let test = SyslogLine(rules.test(id: "test-1", at: "x"), facts)
        #expect(
            String(decoding: test.bytes, as: UTF8.self).hasPrefix("<29>1 x - bookend 42 test - test: this is a test"))
    }
}
