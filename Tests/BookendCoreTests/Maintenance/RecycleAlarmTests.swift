import Testing

@testable import BookendCore

@Suite("Alarms about recycles")
struct RecycleAlarmTests {
    private func fleet(_ count: Int, ready: TimeSpan = .seconds(30)) -> Operated {
        Operated(
            caps: Array(repeating: 10, count: count),
            recycle: RecycleRules(drain: .seconds(20), hook: .seconds(60), ready: ready, memory: 0.85))
    }

    @Test(
        "While a server starts after its hook the recycle explains that there is no spare; beyond its time it does not")
    func noSpare() {
        var fleet = fleet(2)
        fleet.recycle(0)
        fleet.pass(.seconds(12))
        fleet.sick = [0]
        fleet.endHook(.code(0))
        let noSpare = FleetAlarm.Kind.noSpare(PoolID(index: 0))
        fleet.pass(.seconds(3))
        #expect(fleet.alarm(noSpare)?.severity == .warning)
        fleet.pass(.seconds(25))
        #expect(fleet.alarm(noSpare)?.severity == .warning)
        fleet.pass(.seconds(5))
        #expect(fleet.alarm(noSpare)?.severity == .page)
        fleet.sick = []
        fleet.pass(.seconds(15))
        #expect(fleet.fleet.openAlarms.isEmpty)
    }

    @Test("A server that has two minutes to start is not forgotten after one")
    func forgotten() {
        var fleet = fleet(3, ready: .seconds(120))
        fleet.recycle(0)
        fleet.pass(.seconds(1))
        fleet.sick = [0]
        fleet.endHook(.code(0))
        fleet.pass(.seconds(115))
        #expect(fleet.fleet.openAlarms.isEmpty)
        fleet.pass(.seconds(10))
        #expect(fleet.has(.overdue(ServerID(index: 0))) && !fleet.has(.forgotten(ServerID(index: 0))))
        fleet.pass(.seconds(60))
        #expect(fleet.has(.forgotten(ServerID(index: 0))))
    }

    @Test("That one waits is told when something has stood in its way for five seconds, however long its line was")
    func waits() {
        var fleet = fleet(3)
        fleet.recycle(0, 1)
        fleet.pass(.seconds(30))
        fleet.endHook(.code(0))
        fleet.pass(.seconds(8))
        fleet.load([9, 9, 9])
        let waits = FleetAlarm.Kind.recycleWaits(ServerID(index: 1))
        for _ in 0..<100 where fleet.phase(1) == .waiting(.turn) { fleet.pass(.milliseconds(100)) }
        guard case .waiting(.guarded)? = fleet.phase(1) else { return #expect(Bool(false), "it does not wait") }
        fleet.pass(.seconds(4))
        #expect(!fleet.has(waits))
        fleet.pass(.seconds(3))
        #expect(fleet.alarm(waits)?.severity == .warning)
    }
}
