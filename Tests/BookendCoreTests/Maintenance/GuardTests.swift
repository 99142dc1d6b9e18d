import Testing

@testable import BookendCore

@Suite("The N-1 guard")
struct GuardTests {
    @Test("It passes as long as 0.85 of what the rest holds is enough, to the request", arguments: [17, 18])
    func bound(inFlight: Int) {
        var fleet = Operated(caps: [10, 10, 10])
        fleet.load([inFlight - 12, 6, 6])
        fleet.pass(.seconds(3))
        let outcome = fleet.take(0)
        #expect((outcome.success != nil) == (inFlight == 17))
        guard case .guarded(let figures) = outcome.failure else { return }
        #expect(figures.holds == 17 && figures.inFlight == 18 && figures.needed == 18)
        #expect(figures.rest.map(\.cap) == [10, 10] && figures.passesIn == nil)
        #expect(fleet.tier(0) == .serving && fleet.lease(0) == nil)
    }

    @Test("The last ten minutes count, and it says when it would pass")
    func history() {
        var fleet = Operated(caps: [10, 10, 10])
        fleet.load([8, 8, 8])
        fleet.pass(.seconds(100))
        fleet.load([1, 1, 1])
        fleet.pass(.seconds(200))
        guard case .guarded(let figures)? = fleet.take(0).failure else { return #expect(Bool(false), "it passed") }
        #expect(abs(figures.inFlight - 3) < 0.1 && abs(figures.usual - 24) < 0.1)
        // Of 300 seconds fifteen may be more: 85 of the hundred have to be ten minutes old, the last of them 215 s ago.
        let wait = figures.passesIn ?? .zero
        #expect(wait > .seconds(375) && wait < .seconds(395), "\(wait)")
        fleet.pass(wait)
        fleet.pass(.seconds(20))
        #expect(fleet.take(0).success != nil)
    }

    @Test("The last server that serves is not taken out, also when there is nothing to do")
    func last() {
        var fleet = Operated(caps: [10, 10])
        fleet.kill(1)
        guard case .guarded(let figures)? = fleet.take(0).failure else { return #expect(Bool(false), "it passed") }
        #expect(figures.rest.isEmpty)
        #expect(figures.absent == [GuardFigures.Absent(server: ServerID(index: 1), reason: .health(.dead))])
        #expect(fleet.take(1).success?.state == .draining, "one that is out already takes nothing away")
    }

    @Test("Backups count, the dead and the leased do not")
    func whoCounts() {
        var fleet = Operated(caps: [10, 10, 10, 10], backups: 1)
        fleet.load([3, 3, 3, 0])
        fleet.pass(.seconds(3))
        #expect(fleet.take(0).success?.figures?.rest.map(\.server.index) == [1, 2, 3])
        fleet.kill(2)
        let figures = fleet.take(3, force: true).success?.figures
        #expect(figures?.rest.map(\.server.index) == [1])
        #expect(figures?.absent.map(\.reason) == [.leased, .health(.dead)])
    }

    @Test("Of two drains at once, one of which the rest could bear, one passes")
    func concurrent() {
        var fleet = Operated(caps: [10, 10, 10])
        fleet.load([3, 3, 3])
        fleet.pass(.seconds(3))
        #expect(fleet.take(0).success != nil)
        guard case .guarded(let figures)? = fleet.take(1).failure else { return #expect(Bool(false), "both passed") }
        #expect(figures.rest.map(\.server.index) == [2])
        #expect(figures.absent == [GuardFigures.Absent(server: ServerID(index: 0), reason: .leased)])
        guard case .leased? = fleet.take(0).failure else { return #expect(Bool(false), "taken twice") }
    }

    @Test("By force it is taken out all the same, and an alarm is open until it is back")
    func force() {
        var fleet = Operated(caps: [10, 10])
        fleet.load([9, 9])
        fleet.pass(.seconds(2))
        #expect(fleet.take(0).failure != nil)
        #expect(fleet.take(0, for: .seconds(5), force: true).success?.isForced == true)
        #expect(fleet.tier(0) == .leased && fleet.has(.forced(ServerID(index: 0))))
        fleet.load([0, 9])
        fleet.restart(after: .seconds(1))
        #expect(fleet.has(.forced(ServerID(index: 0))), "also after a restart")
        fleet.pass(.seconds(6))
        #expect(!fleet.has(.forced(ServerID(index: 0))) && fleet.tier(0) == .serving)
    }

    @Test("Force where the guard passes is no force")
    func needless() {
        var fleet = Operated(caps: [10, 10])
        #expect(fleet.take(0, force: true).success?.isForced == false)
        #expect(fleet.fleet.openAlarms.isEmpty)
    }
}

@Suite("A drain on trial")
struct TrialTests {
    /// Servers without caps, of which the others never had more than two in flight.
    private func fleet() -> Operated {
        var fleet = Operated(caps: [nil, nil, nil])
        fleet.load([10, 2, 2])
        fleet.pass(.seconds(3))
        return fleet
    }

    @Test("Where nobody knows what the others hold, its places go down in steps within ten seconds")
    func steps() {
        var fleet = fleet()
        let lease = fleet.take(0).success
        #expect(lease?.state == .asked && lease?.figures?.verdict == .trial)
        #expect(fleet.tier(0) == .serving && fleet.cap(0) == ServerCap(limit: 8, reason: .draining))
        var caps: [Int] = []
        for _ in 0..<4 {
            caps.append(fleet.cap(0).limit)
            fleet.pass(.seconds(2))
        }
        #expect(caps == [8, 6, 4, 2] && fleet.lease(0)?.state == .draining && fleet.tier(0) == .leased)
    }

    @Test(
        "At the first sign that the others have too many it gets everything back, and the lease is over",
        arguments: ["waiting", "refused", "lost"])
    func saturation(sign: String) {
        var fleet = fleet()
        fleet.take(0)
        fleet.pass(.seconds(3))
        switch sign {
        case "waiting": fleet.waiting = 3
        case "refused": fleet.refused = 1
        default: fleet.handle(.lost(ServerID(index: 1), .refused))
        }
        fleet.pass(.milliseconds(550))
        #expect(fleet.lease(0) == nil && fleet.cap(0).reason == .none && fleet.tier(0) == .serving)
        guard case .saturated? = fleet.last(0)?.ending else { return #expect(Bool(false), "\(fleet.actions)") }
    }

    @Test("One trial at a time: the second would not know whose load it sees")
    func oneAtATime() {
        var fleet = fleet()
        fleet.take(0)
        guard case .trial(ServerID(index: 0), let left)? = fleet.take(1).failure else {
            return #expect(Bool(false), "both are tried")
        }
        #expect(left == .seconds(8))
    }

    @Test("A trial is not kept over a restart: the server has not left yet")
    func restart() {
        var fleet = fleet()
        fleet.take(0)
        fleet.pass(.seconds(3))
        fleet.restart(after: .seconds(1))
        #expect(fleet.lease(0) == nil && fleet.tier(0) == .serving)
    }
}
