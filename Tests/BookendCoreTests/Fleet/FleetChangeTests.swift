import Testing

@testable import BookendCore

@Suite("The configuration changes while the fleet runs")
struct FleetChangeTests {
    private static let health = HealthRules(
        probes: .init(every: .milliseconds(250), timeout: .seconds(1)), slowStart: .seconds(10))

    private func pool(_ servers: [Int]) -> FleetRules.Pool {
        FleetRules.Pool(servers: servers, health: Self.health, exercise: 0, isLimited: false, spreads: true)
    }

    private func rules(_ pools: [[Int]], caps: [Int?]) -> FleetRules {
        FleetRules(
            pools: pools.map { pool($0) },
            servers: caps.map { FleetRules.Server(weight: 1, isBackup: false, cap: $0, recycle: nil) })
    }

    private func change(_ fleet: inout Operated, _ pools: [[Int]], caps: [Int?], joining: [Int] = []) {
        while fleet.signs.count < caps.count { fleet.signs.append(Signs()) }
        fleet.perform(
            fleet.fleet.change(
                to: rules(pools, caps: caps), joining: joining.map { ServerID(index: $0) }, signs: fleet.signs,
                at: fleet.now))
    }

    @Test("A server that comes gets nothing before it has answered a probe, and then its share step by step")
    func joins() {
        var fleet = Operated(caps: [8, 8])
        change(&fleet, [[0, 1, 2]], caps: [8, 8, 8], joining: [2])
        #expect(fleet.tier(2) == .out && fleet.fleet.health(of: ServerID(index: 2)).state == .starting)
        fleet.pass(.milliseconds(300))
        #expect(fleet.tier(2) == .serving && fleet.fleet.health(of: ServerID(index: 2)).state == .returning)
        #expect(fleet.cap(2).reason == .slowStart && fleet.cap(2).limit < 8)
        fleet.pass(.seconds(11))
        #expect(fleet.cap(2) == ServerCap(limit: 8, reason: .configured))
    }

    @Test("One that never answers never gets anything, and the others serve on as before")
    func joinsDead() {
        var fleet = Operated(caps: [8, 8])
        fleet.sick = [2]
        change(&fleet, [[0, 1, 2]], caps: [8, 8, 8], joining: [2])
        fleet.pass(.seconds(5))
        #expect(fleet.tier(2) == .out && fleet.tier(0) == .serving && fleet.tier(1) == .serving)
    }

    @Test("Whoever stays keeps verdict, lease and what was learned")
    func stays() {
        var fleet = Operated(caps: [8, 8, 8])
        fleet.kill(0)
        fleet.take(1)
        fleet.pass(.seconds(1))
        change(&fleet, [[0, 1, 2, 3]], caps: [8, 5, 8, 8], joining: [3])
        #expect(fleet.fleet.health(of: ServerID(index: 0)).state == .dead && fleet.tier(0) == .out)
        #expect(fleet.lease(1)?.state == .out && fleet.lease(1)?.owner == "ada" && fleet.tier(1) == .leased)
        #expect(fleet.tier(2) == .serving)
        fleet.restore(1)
        fleet.pass(.seconds(12))
        #expect(fleet.cap(1) == ServerCap(limit: 5, reason: .configured))
    }

    @Test(
        "A server that leaves is picked no more, and its lease, its alarms and its name in others' figures go with it")
    func leaves() {
        var fleet = Operated(caps: [8, 8, 8])
        fleet.take(0)
        fleet.take(1, force: true)
        fleet.pass(.seconds(1))
        #expect(fleet.has(.forced(ServerID(index: 1))) == (fleet.lease(1)?.isForced == true))
        change(&fleet, [[0, 2]], caps: [8, 8, 8])
        #expect(fleet.lease(1) == nil && fleet.tier(1) == .leased && !fleet.has(.forced(ServerID(index: 1))))
        #expect(fleet.lease(0)?.figures?.rest.contains { $0.server == ServerID(index: 1) } == false)
        fleet.actions = []
        fleet.pass(.seconds(2))
        #expect(!fleet.actions.contains(.probe(ServerID(index: 1))))
    }

    @Test("A number that is given again begins anew: nothing counts that was counted under it before")
    func numberAgain() {
        var fleet = Operated(caps: [8, 8, 8])
        fleet.signs[1].failed = 500
        fleet.kill(1)
        change(&fleet, [[0, 2]], caps: [8, 8, 8])
        fleet.sick = []
        fleet.pass(.seconds(1))
        fleet.signs[1].failed = 600
        change(&fleet, [[0, 1, 2]], caps: [8, 8, 8], joining: [1])
        #expect(fleet.fleet.health(of: ServerID(index: 1)).state == .starting)
        fleet.pass(.milliseconds(300))
        #expect(fleet.fleet.health(of: ServerID(index: 1)).state == .returning, "600 old errors are not its own")
    }

    @Test("A pool that leaves takes its alarms along; one that has its number later knows nothing of it")
    func pools() {
        var fleet = Operated(caps: [8, 8])
        fleet.kill(0)
        fleet.pass(.seconds(15))
        #expect(fleet.has(.noSpare(PoolID(index: 0))))
        change(&fleet, [[], [2, 3]], caps: [8, 8, 8, 8], joining: [2, 3])
        #expect(!fleet.has(.noSpare(PoolID(index: 0))))
        fleet.sick = []
        fleet.pass(.seconds(12))
        #expect(fleet.tier(2) == .serving && fleet.tier(3) == .serving && fleet.tier(0) == .leased)
        change(&fleet, [[0, 1], [2, 3]], caps: [8, 8, 8, 8], joining: [0, 1])
        #expect(fleet.fleet.health(of: ServerID(index: 0)).state == .starting)
        fleet.pass(.seconds(12))
        #expect(fleet.tier(0) == .serving && fleet.fleet.openAlarms.isEmpty)
    }

    @Test("Without probes from now on nobody is dead; with them from now on everybody is asked at once")
    func probes() {
        var fleet = Operated(caps: [8, 8])
        fleet.kill(0)
        let unwatched = FleetRules.Pool(
            servers: [0, 1], health: HealthRules(probes: nil, slowStart: .zero), exercise: 0, isLimited: false,
            spreads: true)
        let servers = [8, 8].map { FleetRules.Server(weight: 1, isBackup: false, cap: $0, recycle: nil) }
        fleet.perform(
            fleet.fleet.change(
                to: FleetRules(pools: [unwatched], servers: servers), joining: [], signs: fleet.signs, at: fleet.now))
        fleet.pass(.milliseconds(100))
        #expect(fleet.fleet.health(of: ServerID(index: 0)).state == .healthy)
        change(&fleet, [[0, 1]], caps: [8, 8])
        fleet.actions = []
        fleet.pass(.milliseconds(50))
        #expect(fleet.actions.contains(.probe(ServerID(index: 0))))
    }
}
