import Testing

@testable import BookendCore

@Suite("Servers that are called back")
struct RecallTests {
    private func leased(recall: Bool) -> Operated {
        var fleet = Operated(caps: [10, 10, 10])
        fleet.take(0, for: .seconds(600), recall: recall)
        fleet.pass(.seconds(1))
        return fleet
    }

    @Test("When requests are refused for a second, a healthy server comes back early, unless that was ruled out")
    func shedding() {
        for recall in [true, false] {
            var fleet = leased(recall: recall)
            fleet.refused = 1
            fleet.pass(.milliseconds(500))
            #expect(fleet.lease(0)?.state == .out, "a burst")
            fleet.pass(.seconds(1))
            #expect((fleet.lease(0)?.state == .slowStart) == recall)
            #expect((fleet.lease(0)?.ending == .recalled(.requestsRefused)) == recall)
        }
    }

    @Test("When somebody has waited at every moment of three seconds, it comes back before anybody is refused")
    func waiting() {
        var fleet = leased(recall: true)
        for _ in 0..<4 {
            fleet.waiting = 5
            fleet.pass(.milliseconds(2_500))
            fleet.waiting = 0
            fleet.pass(.milliseconds(100))
        }
        #expect(fleet.lease(0)?.state == .out, "bursts")
        fleet.waiting = 1
        fleet.pass(.milliseconds(3_500))
        #expect(fleet.lease(0)?.ending == .recalled(.requestsWait))
    }

    @Test("When another server dies, it comes back early; when one pauses, it stays")
    func lost() {
        var fleet = leased(recall: true)
        fleet.handle(.lost(ServerID(index: 1), .reset))
        fleet.pass(.seconds(2))
        #expect(fleet.lease(0)?.state == .out)
        fleet.kill(1)
        fleet.pass(.milliseconds(500))
        #expect(fleet.lease(0)?.ending == .recalled(.lost(ServerID(index: 1))) && fleet.tier(0) == .serving)
    }

    @Test("One that is not well is not called back; it is when it is well again")
    func sick() {
        var fleet = leased(recall: true)
        fleet.kill(0)
        fleet.kill(1)
        fleet.pass(.seconds(1))
        #expect(fleet.lease(0)?.state == .out)
        fleet.sick = [1]
        fleet.pass(.seconds(15))
        #expect(fleet.lease(0)?.ending == .recalled(.lost(ServerID(index: 1))))
    }

    @Test("Taken out while another was dead already, it is not called back for that one")
    func knownBefore() {
        var fleet = Operated(caps: [10, 10, 10])
        fleet.kill(1)
        fleet.take(0, for: .seconds(600))
        fleet.pass(.seconds(30))
        #expect(fleet.lease(0)?.state == .out)
    }

    @Test("Of two that are out, one comes back at a time")
    func oneAtATime() {
        var fleet = Operated(caps: [10, 10, 10, 10])
        fleet.take(0, for: .seconds(600))
        fleet.take(1, for: .seconds(600))
        fleet.pass(.seconds(1))
        fleet.kill(2)
        fleet.pass(.seconds(2))
        #expect(fleet.lease(0)?.state == .slowStart && fleet.lease(1)?.state == .out)
    }

    @Test("A backup takes the place of a leased primary, and leaves when that is back")
    func backup() {
        var fleet = Operated(caps: [10, 10, 10], backups: 1)
        #expect(fleet.tier(2) == .spare)
        fleet.take(0, for: .seconds(20))
        #expect(fleet.tier(2) == .serving)
        fleet.pass(.seconds(25))
        #expect(fleet.tier(0) == .serving && fleet.tier(2) == .serving, "slow start")
        fleet.pass(.seconds(12))
        #expect(fleet.tier(2) == .spare)
    }

    @Test("With all others dead, a leased server gets nothing: somebody is at work on it")
    func notEvenThen() {
        var fleet = Operated(caps: [10, 10])
        fleet.take(0, for: .seconds(600), recall: false)
        fleet.pass(.seconds(1))
        fleet.kill(1)
        fleet.pass(.seconds(3))
        #expect(fleet.tier(0) == .leased && fleet.fleet.isPanic(PoolID(index: 0)) && fleet.tier(1) == .serving)
    }
}
