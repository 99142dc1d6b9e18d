import Testing

@testable import BookendCore

@Suite("Recycles while the configuration changes")
struct RecycleChangeTests {
    /// Another configuration: these servers are in the pool, and these have a clean-up hook.
    private func change(
        _ fleet: inout Operated, servers: [Int], hooks: [Int], joining: [Int] = [], rules: RecycleRules = .tested
    ) {
        let health = HealthRules(
            probes: .init(every: .milliseconds(250), timeout: .seconds(1)), slowStart: .seconds(10))
        let pool = FleetRules.Pool(servers: servers, health: health, exercise: 0, isLimited: false, spreads: true)
        let all = fleet.signs.indices.map { index in
            FleetRules.Server(weight: 1, isBackup: false, cap: 10, recycle: hooks.contains(index) ? rules : nil)
        }
        fleet.perform(
            fleet.fleet.change(
                to: FleetRules(pools: [pool], servers: all), joining: joining.map { ServerID(index: $0) },
                signs: fleet.signs, at: fleet.now))
    }

    private func outcomes(_ fleet: Operated, of index: Int) -> [Recycle.Outcome] {
        fleet.actions.compactMap { action in
            guard case .note(.recycle(let recycle)) = action, recycle.server.index == index,
                case .over(let outcome) = recycle.phase
            else { return nil }
            return outcome
        }
    }

    @Test("A server that leaves in every phase of its recycle takes it along, and the next in line begins")
    func leaves() {
        for seconds in [0.0, 0.1, 1] {
            var fleet = Operated.recycling(3)
            if seconds == 0 { fleet.load([1, 1, 1]) }
            fleet.recycle(0, 1)
            fleet.pass(.milliseconds(Int64(seconds * 1_000) + 25))
            let running = fleet.hooks.first?.hook
            #expect((running != nil) == (seconds == 1))
            change(&fleet, servers: [1, 2], hooks: [1, 2])
            #expect(fleet.phase(0) == nil && outcomes(fleet, of: 0) == [.notConfigured])
            fleet.load([0, 0, 0])
            fleet.hooks = []
            fleet.pass(.seconds(2))
            #expect(fleet.phase(1) == .hook && fleet.hooks.map(\.server.index) == [1])
            // What was running there ends after all.
            if let running {
                fleet.handle(.hookEnded(ServerID(index: 0), hook: running, HookResult(.code(1), output: "")))
            }
            #expect(fleet.phase(1) == .hook && fleet.fleet.openAlarms.isEmpty)
            fleet.endHook(.code(0))
            fleet.pass(.seconds(12))
            #expect(fleet.phase(1) == .over(.done) && fleet.lease(1) == nil)
        }
    }

    @Test("Who has its number next begins anew: nothing is planned, nothing went wrong, and a late end is nobody's")
    func numberGivenAgain() {
        var fleet = Operated.recycling(3)
        fleet.recycle(0)
        fleet.pass(.seconds(1))
        fleet.endHook(.code(1))
        fleet.pass(.seconds(12))
        #expect(fleet.has(.recycleFailed(ServerID(index: 0))))
        fleet.recycle(0)
        fleet.pass(.seconds(1))
        let (server, hook) = fleet.hooks.removeFirst()
        change(&fleet, servers: [1, 2], hooks: [1, 2])
        #expect(fleet.fleet.openAlarms.isEmpty)
        change(&fleet, servers: [0, 1, 2], hooks: [0, 1, 2], joining: [0])
        fleet.handle(.hookEnded(server, hook: hook, HookResult(.code(0), output: "")))
        fleet.pass(.seconds(11))
        #expect(fleet.phase(0) == nil && fleet.tier(0) == .serving)
        #expect(fleet.recycle(0).success?.first?.phase == .draining)
    }

    @Test(
        "A hook that is not configured any more: what waits for it is over, what has begun goes on, and its alarm ends")
    func noHookAnyMore() {
        var fleet = Operated.recycling(3)
        fleet.recycle(0, 1)
        fleet.pass(.seconds(1))
        change(&fleet, servers: [0, 1, 2], hooks: [2])
        fleet.pass(.seconds(2))
        #expect(fleet.phase(1) == .over(.notConfigured) && fleet.tier(1) == .serving)
        fleet.pass(.seconds(40))
        #expect(fleet.phase(0) == .hook, "by the time that it had when it began")
        fleet.endHook(.code(1))
        fleet.pass(.seconds(12))
        #expect(fleet.phase(0) == .over(.hookFailed) && fleet.has(.recycleFailed(ServerID(index: 0))))
        change(&fleet, servers: [0, 1, 2], hooks: [1, 2])
        #expect(fleet.fleet.openAlarms.isEmpty && fleet.recycle(0).failure == .noHook)
    }

    @Test("Another threshold counts from now on, and what went wrong before is still told")
    func otherRules() {
        var fleet = Operated.recycling(3)
        fleet.fill(0, from: 0.7, to: 0.7, over: .seconds(3))
        #expect(fleet.phase(0) == nil)
        let stricter = RecycleRules(drain: .seconds(20), hook: .seconds(5), ready: .seconds(30), memory: 0.6)
        change(&fleet, servers: [0, 1, 2], hooks: [0, 1, 2], rules: stricter)
        fleet.fill(0, from: 0.7, to: 0.7, over: .seconds(2))
        #expect(fleet.phase(0) == .hook)
        fleet.pass(.seconds(16))
        #expect(fleet.phase(0) != .hook, "it has five seconds now")
        fleet.pass(.seconds(12))
        #expect(fleet.has(.recycleFailed(ServerID(index: 0))))
        change(&fleet, servers: [0, 1, 2], hooks: [0, 1, 2])
        #expect(fleet.has(.recycleFailed(ServerID(index: 0))))
    }

    @Test("What waits for its memory is dropped where the configuration does not look at memory any more")
    func memoryOff() {
        var fleet = Operated.recycling(3)
        fleet.load([9, 9, 9])
        fleet.pass(.seconds(2))
        fleet.fill(0, from: 0.9, to: 0.9, over: .seconds(8))
        guard case .waiting(.guarded)? = fleet.phase(0) else { return #expect(Bool(false), "it does not wait") }
        #expect(fleet.has(.recycleWaits(ServerID(index: 0))))
        let asked = RecycleRules(drain: .seconds(20), hook: .seconds(60), ready: .seconds(30), memory: nil)
        change(&fleet, servers: [0, 1, 2], hooks: [0, 1, 2], rules: asked)
        fleet.pass(.milliseconds(1_100))
        #expect(fleet.phase(0) == .over(.notNeeded) && fleet.fleet.openAlarms.isEmpty)
        // When it is looked at again it counts again.
        change(&fleet, servers: [0, 1, 2], hooks: [0, 1, 2])
        fleet.fill(0, from: 0.9, to: 0.9, over: .seconds(2))
        guard case .waiting(.guarded)? = fleet.phase(0) else { return #expect(Bool(false), "it does not wait again") }
    }

    @Test("A pool that comes has a line of its own")
    func newPool() {
        var fleet = Operated.recycling(4)
        let health = HealthRules(probes: nil, slowStart: .seconds(10))
        func pool(_ servers: [Int]) -> FleetRules.Pool {
            FleetRules.Pool(servers: servers, health: health, exercise: 0, isLimited: false, spreads: true)
        }
        let server = FleetRules.Server(weight: 1, isBackup: false, cap: 10, recycle: .tested)
        fleet.recycle(0)
        fleet.signs += [Signs(), Signs()]
        fleet.perform(
            fleet.fleet.change(
                to: FleetRules(
                    pools: [pool([0, 1, 2, 3]), pool([4, 5])], servers: Array(repeating: server, count: 6)),
                joining: [ServerID(index: 4), ServerID(index: 5)], signs: fleet.signs, at: fleet.now))
        fleet.pass(.seconds(12))
        #expect(fleet.recycle(4).success?.first?.phase == .draining)
        fleet.pass(.seconds(1))
        #expect(Set(fleet.hooks.map(\.server.index)) == [0, 4])
    }

    @Test("One that becomes known late, as the disk was slow, is out at once, and its hook's end is heard")
    func resumedLate() {
        var fleet = Operated.recycling(3)
        fleet.load([3, 3, 3])
        fleet.pass(.seconds(2))
        let kept = KeptLease(
            server: ServerID(index: 0), owner: "bookend", why: "leak", age: .seconds(5), left: .seconds(100),
            isForced: false, mayRecall: true, isRecycle: true)
        fleet.perform(fleet.fleet.resumeLate([kept], at: fleet.now))
        #expect(fleet.tier(0) == .leased && fleet.phase(0) == .hook && fleet.lease(0)?.state == .out)
        fleet.pass(.seconds(2))
        #expect(fleet.phase(0) == .hook)
        fleet.recycle(1)
        #expect(fleet.phase(1) == .waiting(.turn))
        fleet.handle(.hookEnded(ServerID(index: 0), hook: 7, HookResult(.code(0), output: "")))
        fleet.load([0, 3, 3])
        fleet.pass(.seconds(12))
        #expect(fleet.phase(0) == .over(.done))
    }
}
