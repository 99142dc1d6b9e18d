import BookendLoop
import Testing

@testable import BookendControl

@Suite("What somebody is told")
struct AlertRulesTests {
    private var rules = AlertRules(host: "lb-1")

    private func event(
        _ kind: Event.Kind, _ text: String, server: String? = nil, pool: String? = "bookty", id: Int64? = 41,
        _ detail: [String: JSONValue] = [:]
    ) -> Event {
        Event(
            id: id, time: WallTime(microseconds: 1_795_224_360_000_000), monotonicNanoseconds: 1, kind: kind,
            pool: pool, server: server, text: text, detail: detail, cause: nil)
    }

    private mutating func told(_ event: Event) throws -> Alert {
        let alert = rules.alert(event)
        return try #require(alert)
    }

    private func state(_ state: String) -> Event {
        event(.serverState, "web-02 is \(state): connection refused", server: "web-02", ["state": .text(state)])
    }

    @Test("A server's death and its return, once each, however it wavers in between")
    mutating func server() {
        let states = [
            "suspect", "healthy", "suspect", "dead", "dead", "returning", "suspect", "returning", "healthy", "dead",
        ]
        var told: [String] = []
        for name in states {
            if let alert = rules.alert(state(name)) {
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
        let again = rules.alert(state("dead"))
        #expect(again == nil)
        let back = try told(state("returning"))
        #expect(back.status == .closed)
    }

    @Test("An alarm's beginning and its end have the same key, its severity and the log's words")
    mutating func alarm() throws {
        let words = "pool bookty has no spare"
        let detail: [String: JSONValue] = ["alarm": "no-spare", "severity": "page", "why": .text(words)]
        let open = try told(event(.alarmBegan, "ALARM: \(words)", id: 41, detail))
        let closed = try told(event(.alarmEnded, "no longer: \(words)", id: 43, detail))
        #expect(open.key == "no-spare/bookty" && open.key == closed.key)
        #expect(open.status == .open && closed.status == .closed && open.isPage && open.id == "41" && closed.id == "43")
        #expect(open.line == "ALARM: pool bookty has no spare [bookend on lb-1]")
        #expect(closed.line == "over: no longer: pool bookty has no spare [bookend on lb-1]")
    }

    @Test("A state folder that cannot be written is a page, until it is written again")
    mutating func stateFolder() throws {
        let bench = try StoreBench()
        let store = try bench.store()
        defer { store.finish() }
        let loop = try Loop()
        let events = Events(store, on: loop)
        var heard: [Event] = []
        events.addReader { heard.append($0) }
        let notes = StoreEvents(events)
        notes.note(.trouble(path: "/s/bookend.db", "no space left on the disk"))
        notes.note(.over(path: "/s/bookend.db", lostEntries: 0))
        let (open, closed) = (try told(heard[0]), try told(heard[1]))
        #expect(open.key == "state" && closed.key == "state" && open.isPage && closed.isPage)
        #expect(open.status == .open && closed.status == .closed)
        #expect(open.line.hasPrefix("ALARM: cannot write /s/bookend.db: no space left on the disk. Serving goes on;"))
        #expect(closed.line == "over: /s/bookend.db is written again [bookend on lb-1]")
    }

    @Test("Nobody healthy and refused requests are pages, from beginning to end")
    mutating func pages() throws {
        for (began, ended) in [
            (Event.Kind.panicBegan, Event.Kind.panicEnded), (.sheddingBegan, .sheddingEnded),
        ] {
            let (open, closed) = (try told(event(began, "it began")), try told(event(ended, "it is over")))
            #expect(open.isPage && open.status == .open && closed.status == .closed && open.key == closed.key)
            #expect(open.text == "it began" && closed.text == "it is over")
        }
    }

    @Test(
        "What the fleet does about it by itself, and what operators do, is no news to anybody",
        arguments: Event.Kind.all.filter { kind in
            ![
                .serverState, .panicBegan, .panicEnded, .sheddingBegan, .sheddingEnded, .alarmBegan, .alarmEnded,
            ].contains(kind)
        })
    mutating func quiet(_ kind: Event.Kind) {
        let alert = rules.alert(event(kind, "something happened"))
        #expect(alert == nil, "\(kind.rawValue)")
    }

    @Test("What is not in the journal is told to nobody: its number is what a receiver knows it by")
    mutating func brief() {
        let alert = rules.alert(event(.panicBegan, "no server is healthy", id: nil))
        #expect(alert == nil)
    }

    @Test("A line says what was left out")
    mutating func omitted() throws {
        var alert = try told(state("dead"))
        alert.omitted = 3
        #expect(
            alert.line == "warning: web-02 is dead: connection refused (3 earlier alerts were left out)"
                + " [pool bookty, bookend on lb-1]")
    }

    @Test("As a message of syslog it has the fields of RFC 5424, whatever the machine is called")
    mutating func syslog() throws {
        let alert = try told(event(.panicBegan, "pool bookty: no server is healthy", id: 43))
        let line = SyslogLine(alert, SyslogLine.Facts(host: "lb 1", process: 42))
        #expect(
            String(decoding: line.bytes, as: UTF8.self)
                == "<25>1 2026-11-21T01:26:00.000Z lb1 bookend 42 panic - ALARM: pool bookty: no server is healthy"
                + " [bookend on lb-1] (open panic/bookty, id 43)")
        let facts = SyslogLine.Facts(host: "", process: 42)
        let time = WallTime(microseconds: 1_795_224_360_000_000)
        let test = SyslogLine(rules.test(id: "test-1", at: time), facts)
        #expect(
            String(decoding: test.bytes, as: UTF8.self).hasPrefix(
                "<29>1 2026-11-21T01:26:00.000Z - bookend 42 test - test: this is a test"))
    }
}
