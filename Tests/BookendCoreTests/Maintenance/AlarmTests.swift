import Testing

@testable import BookendCore

@Suite("Alarms while every request succeeds")
struct AlarmTests {
    private let pool = PoolID(index: 0)

    @Test("One server left is an alarm after ten seconds; over when the other is back")
    func oneLeft() {
        var fleet = Operated(caps: [10, 10])
        fleet.kill(0)
        fleet.pass(.seconds(8))
        #expect(!fleet.has(.noSpare(pool)))
        fleet.pass(.seconds(4))
        #expect(fleet.alarm(.noSpare(pool))?.severity == .page)
        fleet.sick = []
        fleet.pass(.seconds(3))
        #expect(!fleet.has(.noSpare(pool)))
    }

    @Test("A lease explains it: a warning as long as it lasts, and then somebody is woken")
    func explained() {
        var fleet = Operated(caps: [10, 10])
        fleet.take(0, for: .seconds(30))
        fleet.pass(.seconds(13))
        #expect(fleet.alarm(.noSpare(pool))?.severity == .warning)
        #expect(fleet.alarm(.noSpare(pool))?.explainedBy == ServerID(index: 0))
        fleet.sick = [0]
        fleet.actions = []
        fleet.pass(.seconds(20))
        #expect(fleet.alarm(.noSpare(pool))?.severity == .page)
        #expect(
            fleet.actions.contains {
                if case .note(.alarm(let alarm)) = $0 { alarm.kind == .noSpare(pool) } else { false }
            },
            "told again")
    }

    @Test("The largest server could not be missed: an alarm after a minute, in figures too")
    func tooLittle() {
        var fleet = Operated(caps: [10, 10])
        fleet.load([6, 6])
        fleet.pass(.seconds(50))
        #expect(fleet.fleet.spareCapacityRatio(of: pool, at: fleet.now).map { abs($0 - 10.0 / 12) < 0.01 } == true)
        #expect(!fleet.has(.noSpare(pool)))
        fleet.pass(.seconds(15))
        #expect(fleet.has(.noSpare(pool)))
        fleet.load([4, 4])
        fleet.pass(.seconds(3))
        #expect(!fleet.has(.noSpare(pool)))
    }

    @Test("A pool of one server was never promised a spare")
    func single() {
        var fleet = Operated(caps: [10])
        fleet.load([9])
        fleet.pass(.seconds(90))
        #expect(fleet.fleet.openAlarms.isEmpty)
    }

    @Test("A server that gets all requests for a minute although another is well is an alarm")
    func share() {
        var fleet = Operated(caps: [nil, nil])
        for second in 0..<80 {
            fleet.signs[0].answered += 100
            if second % 5 == 0 { fleet.signs[1].answered += 100 }
            fleet.pass(.seconds(1))
        }
        #expect(fleet.has(.share(ServerID(index: 0))))
        for _ in 0..<25 {
            fleet.signs[0].answered += 100
            fleet.signs[1].answered += 100
            fleet.pass(.seconds(1))
        }
        #expect(!fleet.has(.share(ServerID(index: 0))))
    }

    @Test("What an even spread or a larger cap explains is none")
    func fair() {
        var fleet = Operated(caps: [30, 10])
        for _ in 0..<90 {
            fleet.signs[0].answered += 300
            fleet.signs[1].answered += 100
            fleet.pass(.seconds(1))
        }
        #expect(fleet.fleet.openAlarms.isEmpty)
    }
}
