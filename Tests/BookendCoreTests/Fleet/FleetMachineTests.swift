import Testing

@testable import BookendCore

@Suite("A fleet's verdicts together")
struct FleetMachineTests {
    /// Servers of one pool, all healthy at first, with a clock.
    private struct Watched {
        var fleet: FleetMachine
        var now = Moment(nanoseconds: 1_000_000_000_000)
        var signs: [Signs]
        var actions: [FleetAction] = []

        /// - Parameter backups: of the servers, the last ones.
        init(servers: Int, backups: Int = 0, exercise: Int = 0) {
            let health = HealthRules(
                probes: HealthRules.Probes(every: .milliseconds(250), timeout: .seconds(1)), slowStart: .seconds(10))
            let rules = FleetRules(
                pools: [
                    FleetRules.Pool(
                        servers: 0..<servers, health: health, exercise: exercise, isLimited: false, spreads: true)
                ],
                servers: (0..<servers).map {
                    FleetRules.Server(weight: 1, isBackup: $0 >= servers - backups, cap: nil, recycle: nil)
                }
            )
            fleet = FleetMachine(
                rules, known: (0..<servers).map { _ in FleetRules.Known(state: .healthy, cap: nil, death: nil) },
                seed: 1, at: now)
            signs = (0..<servers).map { _ in Signs() }
        }

        mutating func handle(_ event: FleetEvent) {
            let new = fleet.handle(event, at: now)
            actions += new
            // Every probe is answered at once, except those of the dead.
            for case .probe(let id) in new where isWell(id.index) { handle(.probed(id, .good)) }
        }

        var dead: Set<Int> = []
        func isWell(_ index: Int) -> Bool { !dead.contains(index) }

        mutating func kill(_ index: Int) {
            dead.insert(index)
            handle(.lost(ServerID(index: index), .refused))
            pass(.milliseconds(250))
            handle(.probed(ServerID(index: index), .lost))
        }

        mutating func pass(_ span: TimeSpan) {
            let end = now + span
            while now < end {
                now = now + .milliseconds(25)
                handle(.look(signs))
            }
        }

        func tier(_ index: Int) -> Standing.Tier { fleet.standings[index].tier }
        func state(_ index: Int) -> ServerHealth.State { fleet.health(of: ServerID(index: index)).state }
    }

    @Test("A backup joins at once when a primary dies, and leaves five seconds after it is back at full strength")
    func backup() {
        var watched = Watched(servers: 3, backups: 1)
        watched.pass(.seconds(1))
        #expect(watched.tier(2) == .spare)
        watched.kill(0)
        #expect(watched.state(0) == .dead && watched.tier(2) == .serving)
        watched.dead = []
        watched.handle(.probed(ServerID(index: 0), .lost))
        watched.pass(.seconds(1))
        #expect(watched.state(0) == .returning && watched.tier(2) == .serving)
        watched.pass(.seconds(9))
        #expect(watched.tier(2) == .serving)
        watched.pass(.seconds(6))
        #expect(watched.state(0) == .healthy && watched.tier(2) == .spare)
    }

    @Test("As many backups join as make up for what is missing")
    func twoBackups() {
        var watched = Watched(servers: 5, backups: 2)
        watched.pass(.seconds(1))
        watched.kill(0)
        #expect([watched.tier(3), watched.tier(4)] == [.serving, .spare])
        watched.kill(1)
        #expect([watched.tier(3), watched.tier(4)] == [.serving, .serving])
    }

    @Test("A suspect of a moment brings no backup in")
    func briefly() {
        var watched = Watched(servers: 3, backups: 1)
        watched.pass(.seconds(1))
        watched.handle(.lost(ServerID(index: 0), .reset))
        #expect(watched.tier(2) == .spare)
    }

    @Test("With nobody healthy whoever may still answer serves, and nobody is gone")
    func panic() {
        var watched = Watched(servers: 2)
        watched.pass(.seconds(1))
        watched.kill(0)
        #expect(watched.fleet.standings[0].isGone)
        watched.kill(1)
        #expect(watched.fleet.isPanic(PoolID(index: 0)))
        #expect(watched.fleet.standings.contains { $0.tier == .serving })
        #expect(watched.fleet.standings.allSatisfy { !$0.isGone })
        #expect(!watched.actions.contains(.note(.panic(PoolID(index: 0)))), "it may be over in a moment")
        watched.pass(.seconds(1))
        #expect(watched.actions.contains(.note(.panic(PoolID(index: 0)))))
    }

    @Test("A server in slow start is given two requests at a time, then more and more")
    func slowStart() {
        var watched = Watched(servers: 2)
        watched.pass(.seconds(1))
        watched.kill(0)
        watched.dead = []
        watched.handle(.probed(ServerID(index: 0), .lost))
        watched.pass(.milliseconds(600))
        #expect(watched.state(0) == .returning && watched.fleet.cap(of: ServerID(index: 0)).limit <= 2)
        watched.pass(.seconds(5))
        #expect((28...36).contains(watched.fleet.cap(of: ServerID(index: 0)).limit))
        watched.pass(.seconds(5))
        #expect(watched.fleet.cap(of: ServerID(index: 0)).reason == .none)
    }

    @Test("When nobody else is healthy there is no slow start: nobody would carry what it leaves")
    func noSlowStart() {
        var watched = Watched(servers: 2)
        watched.pass(.seconds(1))
        watched.kill(0)
        watched.kill(1)
        watched.dead = []
        watched.handle(.probed(ServerID(index: 0), .lost))
        watched.handle(.probed(ServerID(index: 1), .lost))
        watched.pass(.milliseconds(600))
        #expect(watched.state(0) == .returning && watched.state(1) == .returning)
        #expect(watched.fleet.cap(of: ServerID(index: 0)).reason == .none)
    }

    private func limited(_ known: FleetRules.Known, at now: Moment) -> FleetMachine {
        let health = HealthRules(
            probes: HealthRules.Probes(every: .milliseconds(250), timeout: .seconds(1)), slowStart: .seconds(10))
        return FleetMachine(
            FleetRules(
                pools: [FleetRules.Pool(servers: 0..<1, health: health, exercise: 0, isLimited: true, spreads: true)],
                servers: [FleetRules.Server(weight: 1, isBackup: false, cap: nil, recycle: nil)]),
            known: [known], seed: 1, at: now)
    }

    @Test(
        "A death of load is noted with what follows, and is known to the next machine, whose cap stays below 0.7 of it")
    func deathOfLoad() throws {
        let server = ServerID(index: 0)
        var now = Moment(nanoseconds: 1_000_000_000_000)
        var fleet = limited(FleetRules.Known(state: .healthy, cap: 31, death: nil), at: now)
        var signs = Signs()
        signs.inFlight = 31
        for _ in 0..<10 {
            now = now + .milliseconds(25)
            _ = fleet.handle(.look([signs]), at: now)
        }
        var actions = fleet.handle(.probed(server, .good), at: now)
        actions += fleet.handle(.lost(server, .refused), at: now)
        for _ in 0..<4 {
            now = now + .milliseconds(250)
            actions += fleet.handle(.look([signs]), at: now)
            actions += fleet.handle(.probed(server, .lost), at: now)
        }
        #expect(actions.contains(.note(.diedOfLoad(server, inFlight: 31, ceiling: 21))))
        let known = fleet.known(of: server)
        #expect(known.state == .dead && known.death?.inFlight == 31)
        let next = limited(known, at: now)
        #expect(next.cap(of: server) == ServerCap(limit: 21, reason: .death))
        #expect(next.known(of: server).death == known.death)
    }

    @Test("Counts that were read a moment ahead, and are less than none afterwards, harm nothing")
    func tornCounts() {
        var watched = Watched(servers: 1)
        for _ in 0..<200 {
            watched.signs[0].ended += 1
            watched.signs[0].latencySum += 1_000
            watched.signs[0].slotTime &-= 5_000_000
            watched.pass(.milliseconds(25))
        }
        #expect(watched.fleet.cap(of: ServerID(index: 0)).limit >= 1)
    }

    @Test("An idle backup gets one request in so many")
    func exercise() {
        var watched = Watched(servers: 3, backups: 1, exercise: 100)
        for _ in 0..<40 {
            watched.signs[0].answered += 10
            watched.pass(.milliseconds(25))
        }
        #expect(watched.actions.filter { $0 == .tryOut(ServerID(index: 2)) }.count == 4)
    }

    @Test("A Bookend that was held up takes nobody's silence for a sign")
    func slept() {
        var watched = Watched(servers: 2)
        for _ in 0..<200 {
            watched.signs[0].answered += 3
            watched.signs[0].inFlight = 2
            watched.signs[0].awaited = 2
            watched.pass(.milliseconds(25))
        }
        watched.now = watched.now + .seconds(5)
        watched.handle(.look(watched.signs))
        #expect(watched.state(0) == .healthy)
        watched.pass(.milliseconds(400))
        #expect(!watched.actions.isEmpty && watched.state(0) != .dead)
    }

    @Test("When the backup that joined dies, another one joins, and nobody says that it is not needed")
    func backupDies() {
        var watched = Watched(servers: 4, backups: 2)
        watched.pass(.seconds(1))
        watched.kill(0)
        #expect([watched.tier(2), watched.tier(3)] == [.serving, .spare])
        watched.kill(2)
        watched.pass(.seconds(6))
        #expect(watched.tier(3) == .serving)
        #expect(!watched.actions.contains(.note(.backupsLeave(PoolID(index: 0)))))
    }

    @Test("A server that its agent takes out gets nothing new while others are there, and is missing: a backup joins")
    func advisedOut() {
        var watched = Watched(servers: 3, backups: 1)
        watched.pass(.seconds(1))
        for words in [AgentAnswer(out: .drain), AgentAnswer(out: .maint)] {
            watched.actions = []
            watched.handle(.advised(ServerID(index: 0), words))
            #expect(watched.tier(0) == .out && watched.tier(2) == .serving && watched.state(0) == .healthy)
            #expect(watched.actions.contains { if case .note(.advised) = $0 { true } else { false } })
            watched.handle(.advised(ServerID(index: 0), AgentAnswer(out: .ready)))
            #expect(watched.tier(0) == .serving)
        }
        var down = AgentAnswer()
        down.operation = .down
        watched.handle(.advised(ServerID(index: 0), down))
        watched.handle(.advised(ServerID(index: 0), AgentAnswer(out: .ready)))
        #expect(watched.tier(0) == .out, "only `up` takes `down` back")
    }

    @Test("When agents take out everybody, those that are well serve nevertheless")
    func allAdvisedOut() {
        var watched = Watched(servers: 2)
        watched.kill(1)
        watched.handle(.advised(ServerID(index: 0), AgentAnswer(out: .maint)))
        #expect(watched.tier(0) == .serving && watched.tier(1) == .out)
    }

    @Test("An agent's bound is one of the bounds, its weight goes to the workers, and 0 takes a bound back")
    func advisedBounds() {
        var watched = Watched(servers: 2)
        var answer = AgentAnswer()
        answer.cap = 30
        answer.percent = 75
        watched.handle(.advised(ServerID(index: 1), answer))
        #expect(watched.fleet.cap(of: ServerID(index: 1)) == ServerCap(limit: 30, reason: .agent))
        #expect(watched.fleet.standings[1].weightPercent == 75 && watched.fleet.standings[0].weightPercent == 100)
        answer.cap = 0
        watched.handle(.advised(ServerID(index: 1), answer))
        #expect(watched.fleet.cap(of: ServerID(index: 1)).reason == .none)
    }

    @Test("A server whose agent falls silent after `drain` is not forgotten: after a minute its probes decide")
    func silentAgent() {
        var watched = Watched(servers: 2)
        watched.handle(.advised(ServerID(index: 0), AgentAnswer(out: .drain)))
        watched.pass(.seconds(59))
        #expect(watched.tier(0) == .out)
        watched.actions = []
        watched.pass(.seconds(2))
        #expect(watched.tier(0) == .serving)
        #expect(watched.actions.contains(.note(.advised(ServerID(index: 0), .none, isSilent: true))))
    }

    @Test("Of a server whose agent tells bytes, what it says of its memory in responses is not heard")
    func twoReporters() throws {
        var watched = Watched(servers: 1)
        let bytes = try #require(MemoryReading(used: 60e6, limit: 100e6))
        let share = try #require(MemoryReading(used: 0.99, limit: 1))
        watched.handle(.reported(ServerID(index: 0), bytes))
        watched.handle(.reported(ServerID(index: 0), share))
        #expect(watched.fleet.memory(of: ServerID(index: 0), at: watched.now)?.reading == bytes)
        watched.pass(.seconds(4))
        watched.handle(.reported(ServerID(index: 0), share))
        #expect(watched.fleet.memory(of: ServerID(index: 0), at: watched.now)?.reading == share)
        #expect(watched.fleet.cap(of: ServerID(index: 0)) == ServerCap(limit: 1, reason: .memory))
    }
}

extension AgentAnswer {
    fileprivate init(out administration: AgentAdvice.Administration) {
        self.init()
        self.administration = administration
    }
}
