import Testing

@testable import BookendCore

@Suite("Leases")
struct LeaseTests {
    @Test("A server that is taken out gets nothing new, is out when nothing is in flight, and comes back by itself")
    func wholeLife() {
        var fleet = Operated(caps: [10, 10, 10])
        fleet.load([3, 3, 3])
        fleet.pass(.seconds(2))
        #expect(fleet.take(0, for: .seconds(30)).success?.state == .draining)
        #expect(fleet.tier(0) == .leased)
        fleet.pass(.seconds(1))
        #expect(fleet.lease(0)?.state == .draining, "three are in flight")
        fleet.load([0, 3, 3])
        fleet.pass(.milliseconds(50))
        #expect(fleet.lease(0)?.state == .out)
        fleet.pass(.seconds(28))
        #expect(fleet.lease(0)?.state == .out && fleet.tier(0) == .leased)
        fleet.pass(.milliseconds(1_200))
        #expect(fleet.lease(0)?.state == .slowStart && fleet.lease(0)?.ending == .timeIsUp)
        #expect(fleet.tier(0) == .serving && fleet.cap(0) == ServerCap(limit: 2, reason: .slowStart))
        fleet.pass(.seconds(10))
        #expect(fleet.lease(0) == nil && fleet.cap(0).reason == .configured && fleet.last(0)?.state == .back)
    }

    @Test("It is told to stop nobody's request: what is in flight keeps its server until it ends")
    func drainsInPeace() {
        var fleet = Operated(caps: [10, 10])
        fleet.load([5, 0])
        fleet.take(0, for: .seconds(10))
        fleet.pass(.seconds(9))
        #expect(fleet.lease(0)?.state == .draining && !fleet.fleet.standings[0].isGone)
        fleet.pass(.seconds(2))
        #expect(fleet.lease(0) == nil && fleet.tier(0) == .serving, "it never left, so it needs no check")
    }

    @Test("One that does not answer its checks stays out, raises an alarm and is checked on")
    func overdue() {
        var fleet = Operated(caps: [10, 10])
        fleet.take(0, for: .seconds(5))
        fleet.sick = [0]
        fleet.pass(.seconds(6))
        #expect(fleet.lease(0)?.state == .overdue && fleet.tier(0) == .leased)
        #expect(fleet.alarm(.overdue(ServerID(index: 0)))?.severity == .page)
        #expect(!fleet.has(.forgotten(ServerID(index: 0))))
        fleet.pass(.seconds(62))
        #expect(fleet.has(.forgotten(ServerID(index: 0))))
        fleet.sick = []
        fleet.pass(.seconds(1))
        #expect(fleet.lease(0)?.state == .slowStart && fleet.tier(0) == .serving)
        #expect(!fleet.has(.overdue(ServerID(index: 0))) && !fleet.has(.forgotten(ServerID(index: 0))))
    }

    @Test("Without probes there is nothing to check, and it comes back at once")
    func unwatched() {
        var fleet = Operated(caps: [10, 10], probes: nil)
        fleet.take(0, for: .seconds(5))
        fleet.pass(.milliseconds(5_200))
        #expect(fleet.lease(0)?.state == .slowStart)
    }

    @Test("A server that is probed once an hour is asked at once when its lease is over")
    func hurry() {
        var fleet = Operated(caps: [10, 10], probes: .seconds(3_600))
        fleet.take(0, for: .seconds(5))
        fleet.pass(.seconds(5))
        #expect(fleet.lease(0)?.state == .verifying)
        fleet.pass(.milliseconds(2_500))
        #expect(fleet.lease(0)?.state == .slowStart)
    }

    @Test("Restored before the end it is checked and comes back; one that has not left is back at once")
    func restore() {
        var fleet = Operated(caps: [10, 10])
        fleet.take(0)
        fleet.pass(.seconds(1))
        #expect(fleet.restore(0).success?.state == .verifying)
        fleet.pass(.milliseconds(300))
        #expect(fleet.lease(0)?.state == .slowStart && fleet.lease(0)?.ending == .restored(by: "bob"))
        fleet.pass(.seconds(11))
        fleet.load([1, 0])
        fleet.take(0)
        #expect(fleet.restore(0).success?.state == .back)
        #expect(fleet.lease(0) == nil && fleet.tier(0) == .serving && fleet.cap(0).reason == .configured)
        #expect(fleet.restore(0).failure == .notLeased)
    }

    @Test("Prolonging adds to the end, has its own owner and reason, and the longest time does not begin anew")
    func extend() {
        var fleet = Operated(caps: [10, 10])
        fleet.take(0, for: .seconds(10))
        fleet.pass(.seconds(5))
        #expect(fleet.extend(0, by: .seconds(10)).success?.owner == "bob")
        fleet.pass(.seconds(14))
        #expect(fleet.lease(0)?.state == .out && fleet.lease(0)?.why == "longer")
        #expect(fleet.extend(0, by: .seconds(86_400)).failure != nil)
        #expect(fleet.extend(0, by: .seconds(86_380)).success != nil)
        #expect(fleet.extend(1, by: .seconds(1)).failure == .notLeased)
    }

    @Test("One that is overdue can be prolonged: the alarm is over, and it is out again")
    func extendOverdue() {
        var fleet = Operated(caps: [10, 10])
        fleet.take(0, for: .seconds(5))
        fleet.sick = [0]
        fleet.pass(.seconds(70))
        #expect(fleet.has(.overdue(ServerID(index: 0))) && fleet.has(.forgotten(ServerID(index: 0))))
        #expect(fleet.extend(0, by: .seconds(10)).success?.state == .out)
        #expect(!fleet.has(.overdue(ServerID(index: 0))) && !fleet.has(.forgotten(ServerID(index: 0))))
        fleet.pass(.seconds(9))
        #expect(fleet.lease(0)?.state == .out)
        fleet.pass(.seconds(2))
        #expect(fleet.lease(0)?.state == .overdue)
    }

    @Test("What has no end, no owner or no reason is no lease")
    func terms() {
        var fleet = Operated(caps: [10, 10])
        #expect(fleet.take(0, for: .milliseconds(999)).failure == .length(.milliseconds(999)))
        #expect(fleet.take(0, for: .seconds(86_401)).failure == .length(.seconds(86_401)))
        #expect(fleet.take(0, why: "").failure == .noReason)
        #expect(fleet.take(0, why: String(repeating: "x", count: 201)).failure == .noReason)
        #expect(fleet.take(0, force: true, why: "").failure == .noReason)
        #expect(fleet.lease(0) == nil && fleet.tier(0) == .serving)
    }

    @Test("A restart keeps it, and the time that passed meanwhile counts")
    func restart() {
        var fleet = Operated(caps: [10, 10])
        fleet.take(0, for: .seconds(60), recall: false)
        fleet.pass(.seconds(10))
        fleet.restart(after: .seconds(20))
        #expect(fleet.tier(0) == .leased && fleet.lease(0)?.mayRecall == false)
        fleet.pass(.seconds(29))
        #expect(fleet.lease(0)?.state == .out)
        fleet.pass(.seconds(2))
        #expect(fleet.lease(0)?.state == .slowStart)
    }

    @Test("After a restart all is said that workers and people do not know: how long requests may wait, and by force")
    func restartTells() {
        var fleet = Operated(caps: [10, 10])
        fleet.load([9, 9])
        fleet.pass(.seconds(2))
        fleet.take(0, force: true)
        fleet.actions = []
        fleet.restart(after: .seconds(1))
        let patience = fleet.actions.compactMap { if case .wait(_, let span) = $0 { span } else { nil } }
        #expect(patience == [HalfStepLimiter.learningPatience])
        let alarms = fleet.actions.compactMap { if case .note(.alarm(let alarm)) = $0 { alarm.kind } else { nil } }
        #expect(alarms == [.forced(ServerID(index: 0))])
    }

    @Test(
        "Where there is one place in all, a request may wait twice as long",
        arguments: [([1], 2), ([2], 1), ([1, 1], 1)])
    func onePlace(caps: [Int], times: Int) {
        var fleet = Operated(caps: caps)
        fleet.actions = []
        fleet.restart(after: .seconds(1))
        let patience = fleet.actions.compactMap { if case .wait(_, let span) = $0 { span } else { nil } }
        #expect(patience == [TimeSpan(nanoseconds: Int64(times) * HalfStepLimiter.learningPatience.nanoseconds)])
    }

    @Test("One that ended while Bookend was down is checked first, and comes back")
    func restartPastEnd() {
        var fleet = Operated(caps: [10, 10])
        fleet.take(0, for: .seconds(10))
        fleet.pass(.seconds(5))
        fleet.sick = [0]
        fleet.restart(after: .seconds(3_600))
        fleet.pass(.seconds(1))
        #expect(fleet.lease(0)?.state == .overdue)
        fleet.sick = []
        fleet.pass(.seconds(1))
        #expect(fleet.lease(0)?.state == .slowStart)
    }

    @Test("One that becomes known while requests are sent there lets them end, and a newer one stays")
    func resumedLate() {
        var fleet = Operated(caps: [10, 10, 10])
        fleet.pass(.seconds(2))
        fleet.take(1, for: .seconds(600))
        let kept = (0..<2).map { index in
            KeptLease(
                server: ServerID(index: index), owner: "carol", why: "disk", age: .seconds(60), left: .seconds(300),
                isForced: false, mayRecall: true, isRecycle: false)
        }
        let actions = fleet.fleet.resumeLate(kept, at: fleet.now)
        #expect(fleet.lease(0)?.state == .draining && fleet.lease(0)?.owner == "carol")
        #expect(fleet.lease(1)?.owner != "carol")
        #expect(actions.contains { if case .publish(let all) = $0 { all[0].tier == .leased } else { false } })
        fleet.pass(.seconds(1))
        #expect(fleet.lease(0)?.state == .out)
        fleet.pass(.seconds(330))
        #expect(fleet.last(0)?.ending == .timeIsUp && fleet.last(0)?.state == .back)
    }

    @Test("A clock that was set while Bookend was down makes no lease longer than the longest")
    func clock() {
        let kept = KeptLease(
            server: ServerID(index: 0), owner: "a", why: "b", age: .seconds(-5), left: .seconds(1_000_000),
            isForced: false, mayRecall: true, isRecycle: false)
        #expect(kept.age == .zero && kept.left == .seconds(86_400))
    }
}
