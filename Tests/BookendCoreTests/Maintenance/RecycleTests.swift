import Testing

@testable import BookendCore

@Suite("Recycling servers")
struct RecycleTests {
    @Test("It is drained, its hook runs when nothing is in flight, it is checked, and it comes back by slow start")
    func wholeLife() {
        var fleet = Operated.recycling(3)
        fleet.load([2, 2, 2])
        fleet.pass(.seconds(2))
        #expect(fleet.recycle(0, why: "leak").success?.first?.phase == .draining)
        #expect(fleet.tier(0) == .leased && fleet.lease(0)?.owner == "bookend" && fleet.lease(0)?.why == "leak")
        fleet.pass(.seconds(1))
        #expect(fleet.hooks.isEmpty, "two are in flight")
        fleet.load([0, 3, 3])
        fleet.pass(.milliseconds(100))
        #expect(fleet.lease(0)?.state == .out && fleet.hooks.isEmpty, "every worker has to hear of it")
        fleet.pass(.milliseconds(300))
        #expect(fleet.phase(0) == .hook && fleet.hooks.count == 1)
        fleet.pass(.seconds(20))
        #expect(fleet.hooks.count == 1 && fleet.tier(0) == .leased)
        fleet.endHook(.code(0))
        #expect(fleet.phase(0) == .verifying && fleet.tier(0) == .leased)
        fleet.pass(.seconds(1))
        #expect(fleet.phase(0) == .slowStart && fleet.tier(0) == .serving)
        #expect(fleet.lease(0)?.ending == .recycled)
        fleet.pass(.seconds(11))
        #expect(fleet.phase(0) == .over(.done) && fleet.lease(0) == nil)
        #expect(fleet.fleet.openAlarms.isEmpty)
    }

    @Test("Of a pool one goes after the other, and the next only when the one before has its whole share again")
    func rolling() {
        var fleet = Operated.recycling(3)
        #expect(fleet.recycle(0, 1, 2).success?.count == 3)
        var done: [Int] = []
        for _ in 0..<3 {
            fleet.pass(.milliseconds(1_100))
            let running = fleet.hooks.map(\.server.index)
            #expect(running.count == 1)
            done += running
            fleet.pass(.seconds(5))
            #expect(fleet.hooks.count == 1, "the others wait")
            fleet.endHook(.code(0))
            fleet.pass(.seconds(5))
            #expect(fleet.hooks.isEmpty, "a slow start is not over")
            fleet.pass(.seconds(7))
        }
        #expect(done == [0, 1, 2])
        #expect((0..<3).allSatisfy { fleet.phase($0) == .over(.done) })
    }

    @Test("While the guard refuses it waits, an alarm says so, and it begins by itself when the load has fallen")
    func guarded() {
        var fleet = Operated.recycling(2)
        fleet.load([6, 6])
        fleet.pass(.seconds(5))
        guard case .waiting(.guarded(let figures))? = fleet.recycle(0).success?.first?.phase else {
            return #expect(Bool(false), "it did not wait")
        }
        #expect(figures.holds == 8.5 && figures.needed == 12)
        let alarm = FleetAlarm.Kind.recycleWaits(ServerID(index: 0))
        #expect(!fleet.has(alarm), "not for a moment")
        fleet.pass(.seconds(7))
        #expect(fleet.alarm(alarm)?.severity == .warning && fleet.tier(0) == .serving)
        fleet.load([0, 2])
        for _ in 0..<700 where fleet.hooks.isEmpty { fleet.pass(.seconds(1)) }
        #expect(fleet.phase(0) == .hook && !fleet.has(alarm))
    }

    @Test("One that an operator has taken out waits until it is back")
    func leased() {
        var fleet = Operated.recycling(3)
        fleet.take(0, for: .seconds(20))
        #expect(fleet.recycle(0).success?.first?.phase == .waiting(.leased))
        fleet.pass(.seconds(6))
        #expect(fleet.has(.recycleWaits(ServerID(index: 0))) && fleet.lease(0)?.owner == "ada")
        fleet.pass(.seconds(30))
        #expect(fleet.phase(0) == .hook && fleet.lease(0)?.owner == "bookend")
        #expect(fleet.take(0).failure != nil, "nor does an operator get in between")
    }

    @Test("After a hook that failed the server comes back all the same; an alarm tells it, and the rest is left alone")
    func hookFails() {
        var fleet = Operated.recycling(3)
        fleet.recycle(0, 1)
        fleet.pass(.seconds(1))
        fleet.endHook(.code(1))
        fleet.pass(.seconds(12))
        #expect(fleet.phase(0) == .over(.hookFailed) && fleet.tier(0) == .serving)
        #expect(fleet.phase(1) == .over(.stopped(by: ServerID(index: 0))) && fleet.lease(1) == nil)
        #expect(fleet.alarm(.recycleFailed(ServerID(index: 0)))?.severity == .page)
        fleet.recycle(0)
        fleet.pass(.seconds(1))
        fleet.endHook(.code(0))
        fleet.pass(.seconds(12))
        #expect(!fleet.has(.recycleFailed(ServerID(index: 0))), "it is over with the first that goes well")
    }

    @Test("The alarm about one that went wrong can be ended by hand")
    func acknowledged() {
        var fleet = Operated.recycling(3)
        fleet.recycle(0)
        fleet.pass(.seconds(1))
        fleet.endHook(.signal(9))
        fleet.pass(.seconds(12))
        #expect(fleet.has(.recycleFailed(ServerID(index: 0))))
        #expect(fleet.callOff(0).success != nil && fleet.fleet.openAlarms.isEmpty)
        #expect(fleet.callOff(0).failure == .notPlanned)
    }

    @Test("A hook that gives no word keeps nobody out: after its time the server is checked and comes back")
    func hookHangs() {
        var fleet = Operated.recycling(3)
        fleet.recycle(0)
        fleet.pass(.seconds(60))
        #expect(fleet.phase(0) == .hook)
        fleet.pass(.seconds(15))
        #expect(fleet.tier(0) == .serving && fleet.lease(0)?.ending == .recycled)
        fleet.pass(.seconds(10))
        #expect(fleet.phase(0) == .over(.hookFailed))
        // Its word comes at last, and finds another one at work.
        let late = fleet.hooks.removeFirst()
        fleet.recycle(0)
        fleet.pass(.seconds(1))
        fleet.handle(.hookEnded(late.server, hook: late.hook, HookResult(.code(0), output: "")))
        #expect(fleet.phase(0) == .hook)
    }

    @Test(
        "A server has its time to start; beyond it is overdue, and nobody else in its pool is recycled before it is back"
    )
    func notReady() {
        var fleet = Operated.recycling(3)
        fleet.recycle(0, 1)
        fleet.pass(.seconds(1))
        fleet.sick = [0]
        fleet.endHook(.code(0))
        fleet.pass(.seconds(25))
        #expect(fleet.phase(0) == .verifying && !fleet.has(.overdue(ServerID(index: 0))))
        fleet.pass(.seconds(10))
        #expect(fleet.phase(0) == .overdue && fleet.alarm(.overdue(ServerID(index: 0)))?.severity == .page)
        fleet.pass(.seconds(300))
        #expect(fleet.hooks.isEmpty && fleet.phase(1) == .waiting(.turn))
        fleet.sick = []
        fleet.pass(.seconds(30))
        #expect(fleet.phase(0) == .over(.done) && fleet.phase(1) == .hook)
    }

    @Test("What cannot be drained in time is given up, and nobody is cut off")
    func notDrained() {
        var fleet = Operated.recycling(3)
        fleet.load([1, 0, 0])
        fleet.recycle(0)
        fleet.pass(.seconds(22))
        #expect(fleet.phase(0) == .over(.notDrained) && fleet.hooks.isEmpty && fleet.tier(0) == .serving)
        #expect(fleet.has(.recycleFailed(ServerID(index: 0))))
    }

    @Test("Until its hook runs it is called off, or called back when the others need it; then it goes on")
    func callOff() {
        var fleet = Operated.recycling(3)
        fleet.load([1, 1, 1])
        fleet.recycle(0, 1)
        #expect(fleet.callOff(1).success?.phase == .over(.calledOff(by: "bob")))
        #expect(fleet.callOff(0).success?.phase == .over(.calledOff(by: "bob")))
        #expect(fleet.tier(0) == .serving && fleet.lease(0) == nil)
        fleet.recycle(0)
        fleet.restore(0)
        fleet.pass(.seconds(1))
        #expect(fleet.phase(0) == .over(.calledOff(by: "bob")), "an operator who restores it calls it off")
        fleet.recycle(0)
        fleet.pass(.milliseconds(50))
        fleet.kill(1)
        fleet.pass(.seconds(2))
        #expect(fleet.tier(0) == .serving && fleet.phase(0) == .waiting(.needed), "the others need it")
        fleet.sick = []
        fleet.pass(.seconds(15))
        #expect(fleet.phase(0) == .draining)
        fleet.load([0, 1, 1])
        fleet.pass(.seconds(1))
        guard case .begun? = fleet.callOff(0).failure else { return #expect(Bool(false), "its hook runs") }
        guard case .hookRuns? = fleet.restore(0).failure else { return #expect(Bool(false), "it would be cut off") }
        fleet.kill(1)
        fleet.pass(.seconds(3))
        #expect(fleet.phase(0) == .hook && fleet.tier(0) == .leased, "half a clean-up is none")
    }

    @Test("After a restart of Bookend the hook has its time to tell; then, or at the end of the lease, it is checked")
    func restart() {
        for isHeard in [true, false] {
            var fleet = Operated.recycling(3)
            fleet.recycle(0, 1)
            fleet.pass(.seconds(2))
            fleet.restart(after: .seconds(3))
            fleet.pass(.seconds(1))
            #expect(fleet.tier(0) == .leased && fleet.phase(0) == .hook && fleet.hooks.count == 1)
            #expect(fleet.phase(1) == nil, "what had not begun is to be asked for again")
            fleet.recycle(2)
            fleet.pass(.seconds(1))
            #expect(fleet.phase(2) == .waiting(.turn), "one at a time, over restarts too")
            if isHeard { fleet.endHook(.code(0)) } else { fleet.pass(.seconds(75)) }
            fleet.pass(.seconds(2))
            #expect(fleet.tier(0) == .serving)
            fleet.pass(.seconds(11))
            #expect(fleet.phase(0) == .over(isHeard ? .done : .hookFailed))
        }
    }

    @Test("A restart of Bookend before the hook has begun: the server had not left, and serves")
    func restartWhileDraining() {
        var fleet = Operated.recycling(3)
        fleet.load([1, 1, 1])
        fleet.recycle(0)
        fleet.pass(.seconds(2))
        #expect(fleet.tier(0) == .leased)
        fleet.restart(after: .seconds(1))
        #expect(fleet.tier(0) == .serving && fleet.lease(0) == nil && fleet.phase(0) == nil)
    }

    @Test(
        "A recycle's lease is nobody's to prolong before its hook is over: the hook's end would bring the server back")
    func extended() {
        var fleet = Operated.recycling(3)
        fleet.load([1, 0, 0])
        fleet.recycle(0)
        guard case .leased? = fleet.extend(0, by: .seconds(600)).failure else {
            return #expect(Bool(false), "it drains for its hook")
        }
        fleet.load([0, 0, 0])
        fleet.pass(.seconds(1))
        guard case .hookRuns? = fleet.extend(0, by: .seconds(600)).failure else {
            return #expect(Bool(false), "its hook runs")
        }
        fleet.sick = [0]
        fleet.endHook(.code(0))
        #expect(fleet.extend(0, by: .seconds(600)).success?.owner == "bob")
        fleet.sick = []
        fleet.pass(.seconds(590))
        #expect(fleet.tier(0) == .leased, "now it stays out for as long as was said")
    }

    @Test("A restart while a server starts after its hook leaves it the time for that, and the pool's line is not free")
    func restartWhileStarting() {
        var fleet = Operated.recycling(3)
        fleet.recycle(0)
        fleet.pass(.seconds(1))
        fleet.sick = [0]
        fleet.endHook(.code(0))
        fleet.pass(.seconds(2))
        fleet.restart(after: .seconds(1))
        fleet.pass(.seconds(5))
        #expect(fleet.tier(0) == .leased && fleet.fleet.openAlarms.isEmpty)
        fleet.recycle(1)
        fleet.pass(.seconds(5))
        #expect(fleet.phase(1) == .waiting(.turn))
        fleet.pass(.seconds(25))
        #expect(fleet.has(.overdue(ServerID(index: 0))) && fleet.phase(1) == .waiting(.turn))
        fleet.sick = []
        fleet.pass(.seconds(30))
        #expect(fleet.lease(0) == nil && fleet.phase(1) == .hook)
    }

    @Test("One that another Bookend began says nothing of how long recycles take")
    func restartTeachesNothing() {
        var fleet = Operated.recycling(3)
        fleet.recycle(0)
        fleet.pass(.seconds(2))
        fleet.restart(after: .seconds(1))
        fleet.pass(.seconds(1))
        let before = fleet.fleet.recycles[0].time
        fleet.endHook(.code(0))
        fleet.pass(.seconds(13))
        #expect(fleet.phase(0) == .over(.done) && fleet.fleet.recycles[0].time == before)
    }

    @Test("What is no order is refused, and what is planned is not planned twice")
    func refused() {
        var fleet = Operated.recycling(3)
        #expect(fleet.recycle(0, why: "").failure == .noReason)
        fleet.recycle(0)
        guard case .planned? = fleet.recycle(0).failure else { return #expect(Bool(false), "it is planned") }
        #expect(fleet.recycle(0, 1).success?.map(\.server.index) == [1])
        var bare = Operated(caps: [10, 10])
        #expect(bare.recycle(0).failure == .noHook && bare.callOff(0).failure == .notPlanned)
    }

    @Test("A server that dies of its hook did not die of its load")
    func noDeathUnderLoad() {
        var fleet = Operated.recycling(3)
        fleet.load([9, 0, 0])
        fleet.pass(.seconds(1))
        fleet.recycle(0)
        fleet.load([0, 0, 0])
        fleet.pass(.milliseconds(50))
        fleet.sick = [0]
        fleet.pass(.seconds(1))
        #expect(fleet.fleet.health(of: ServerID(index: 0)).state == .dead)
        fleet.sick = []
        fleet.endHook(.code(0))
        fleet.pass(.seconds(15))
        #expect(fleet.cap(0).reason == .configured)
    }
}
