import BookendConfig
import BookendLoop
import BookendProxy
import Testing

@testable import BookendControl
@testable import BookendCore

/// The fleet's notes, told to a store and to a reader.
private final class Told {
    let bench: StoreBench
    let store: Store
    let loop: Loop
    let events: Events
    let fleet: FleetEvents
    private(set) var heard: [Event] = []

    init() throws {
        bench = try StoreBench()
        store = try bench.store()
        loop = try Loop()
        let text = "listen: 127.0.0.1:0\nservers: { web-01: 127.0.0.1:9001, web-02: 127.0.0.1:9002 }\n"
        let read = Configuration.parse(text: text, file: "bookend.yaml", environment: [:], isRoot: true)
        events = Events(store, on: loop)
        let current = CurrentPlan(try Plan(try #require(read.configuration)), workers: 1)
        fleet = FleetEvents(current, events, on: loop)
        events.addReader { [unowned self] in heard.append($0) }
    }

    deinit { store.finish() }

    /// What the journal has of it.
    func journal() throws -> [Event] { try #require(try bench.page(of: store)).entries }
    /// The last one is told.
    var last: Event { heard[heard.count - 1] }
}

@Suite("What the fleet notes is told once")
struct FleetEventsTests {
    private let one = ServerID(index: 0)
    private let two = ServerID(index: 1)
    private let pool = PoolID(index: 0)

    private var figures: GuardFigures {
        GuardFigures(rest: [], absent: [], isServing: true, carried: 0, load: LoadHistory())
    }

    private func terms(_ owner: String) -> LeaseTerms {
        LeaseTerms(length: .seconds(60), owner: owner, why: "kernel", isForced: false, mayRecall: true)
    }

    @Test("Readers hear what the journal has, with its numbers; a suspect of a moment is only heard")
    func oneStream() throws {
        let told = try Told()
        told.fleet.note(.server(one, .suspect, .probe(.lost, inARow: 1)))
        told.fleet.note(.server(one, .dead, .probe(.lost, inARow: 2)))
        told.fleet.note(.diedOfLoad(one, inFlight: 31, ceiling: 21))
        told.fleet.note(.backupsJoin(pool, [two]))
        let ids = told.heard.compactMap(\.id)
        #expect(told.heard[0].id == nil && ids == [ids[0], ids[0] + 1, ids[0] + 2])
        #expect(told.heard.map(\.kind) == [.serverState, .serverState, .capCut, .backupsJoined])
        #expect(told.heard[2].cause == ids[0] && told.heard[2].detail == ["in_flight": 31, "cap": 21])
        #expect(told.heard[3].detail == ["servers": ["web-02"]])
        #expect(try told.journal() == Array(told.heard.dropFirst()))
    }

    @Test(
        "A server that is called back follows from what made it needed; otherwise a lease's states follow from each other"
    )
    func causes() throws {
        let told = try Told()
        var lease = Lease(terms("ada"), figures, at: told.loop.now)
        told.fleet.note(.lease(two, lease))
        let taken = told.last.id
        lease.look(inFlight: 0, saturation: nil, HealthRules(probes: nil, slowStart: .zero), at: told.loop.now)
        told.fleet.note(.lease(two, lease))
        #expect(
            told.last.text == "web-02 is out, nothing of ours is on it; for ada: kernel" && told.last.cause == taken)
        told.fleet.note(.server(one, .dead, .probe(.lost, inARow: 2)))
        let death = told.last.id
        lease.end(.recalled(.lost(one)), at: told.loop.now)
        told.fleet.note(.lease(two, lease))
        #expect(told.last.cause == death && told.last.detail["ending"] == "called back, because web-01 fails")
    }

    @Test("A recycle's steps follow from each other, and what its hook wrote last is in the journal")
    func recycle() throws {
        let told = try Told()
        var recycle = Recycle(two, .asked(by: "ada"), why: "a leak", at: told.loop.now)
        told.fleet.note(.recycle(recycle))
        let asked = told.last.id
        #expect(told.last.text == "web-02 is to be recycled, for ada: a leak" && told.last.cause == nil)
        let rules = RecycleRules(drain: .seconds(20), hook: .seconds(60), ready: .seconds(30), memory: nil)
        let terms = LeaseTerms(recycling: rules, why: "a leak", isForced: false)
        told.fleet.note(.lease(two, Lease(terms, figures, at: told.loop.now)))
        #expect(told.last.cause == asked)
        recycle.enter(.draining, at: told.loop.now)
        told.fleet.note(.recycle(recycle))
        #expect(told.last.id == nil, "the lease has said it")
        recycle.enter(.hook, at: told.loop.now)
        told.fleet.note(.recycle(recycle))
        #expect(told.last.cause == asked)
        let output = String(repeating: "x", count: 40_000) + "\nno disk\n"
        recycle.result = HookResult(.code(7), output: output)
        recycle.enter(.verifying, at: told.loop.now)
        told.fleet.note(.recycle(recycle))
        let line = "web-02: its clean-up hook failed: it ended with code 7; it wrote last: no disk"
        #expect(told.last.text == line)
        let entry = try #require(try told.journal().last)
        #expect(entry == told.last && entry.detail["hook"] == "failed: it ended with code 7")
        let kept = try #require(entry.detail["hook_output"]?.text)
        #expect(kept.utf8.count == StoreLimits.detail && kept.hasSuffix("\nno disk\n"))
        let heard = String(decoding: EventMessage.bytes(told.last), as: UTF8.self)
        #expect(
            heard.contains("\"state\":\"verifying\"") && heard.contains("ended with code 7\""), "\(heard.prefix(400))")
        #expect(!heard.contains("xxx"), "the journal has what it wrote")
        recycle.enter(.over(.hookFailed), at: told.loop.now)
        told.fleet.note(.recycle(recycle))
        #expect(told.last.detail["outcome"] == "hook-failed" && told.last.cause == entry.id)
        let over = told.last.id
        told.fleet.note(.alarm(FleetAlarm(kind: .recycleFailed(two), since: told.loop.now, explainedBy: nil)))
        #expect(told.last.text == "ALARM: the last recycle of web-02 went wrong" && told.last.cause == over)
    }

    @Test(
        "Requests refused for want of a place are told once when it begins, and once when it is over, with their number"
    )
    func shedding() throws {
        let told = try Told()
        var now = told.loop.now
        for refused in [0, 3, 4, 0] {
            told.fleet.look(refused: [refused], at: now)
            now = now + .seconds(1)
        }
        told.fleet.look(refused: [0], at: now + .seconds(30))
        #expect(told.heard.map(\.kind) == [.sheddingBegan, .sheddingEnded])
        #expect(told.heard[1].cause == told.heard[0].id && told.heard[1].detail["refused"] == 7)
    }

    @Test("An alarm's end follows from its beginning")
    func alarms() throws {
        let told = try Told()
        let alarm = FleetAlarm(kind: .noSpare(pool), since: told.loop.now, explainedBy: nil)
        told.fleet.note(.alarm(alarm))
        told.fleet.note(.alarmOver(alarm))
        #expect(told.heard.map(\.kind) == [.alarmBegan, .alarmEnded] && told.heard[1].cause == told.heard[0].id)
        #expect(told.heard[0].text.hasPrefix("ALARM: pool default has no spare"))
        #expect(told.heard[0].detail["alarm"] == "no-spare" && told.heard[0].detail["severity"] == "page")
    }

    @Test("Whoever asks again and again for what the guard refuses is told of once a minute, and the figures are there")
    func refusals() throws {
        let told = try Told()
        for _ in 0..<50 { told.fleet.refused(terms("a script"), of: one, figures) }
        told.fleet.refused(terms("ada"), of: two, figures)
        #expect(told.heard.map(\.server) == ["web-01", "web-02"])
        #expect(told.heard[0].detail["guard"]?["verdict"] == "refused" && told.heard[0].detail["owner"] == "a script")
    }

    @Test("What the store says of itself is an alarm like others")
    func ofTheStore() throws {
        let told = try Told()
        let store = StoreEvents(told.events)
        store.note(.trouble(path: "/var/lib/bookend/bookend.db", "no space left on the disk"))
        store.note(.over(path: "/var/lib/bookend/bookend.db", lostEntries: 7))
        #expect(told.heard.map(\.kind) == [.alarmBegan, .alarmEnded] && told.heard[1].cause == told.heard[0].id)
        #expect(told.heard[1].text.hasSuffix("7 entries of the journal found no room"))
        #expect(told.heard[0].detail["alarm"] == "state")
    }
}
