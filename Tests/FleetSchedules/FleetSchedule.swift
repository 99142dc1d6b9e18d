import BookendCore

/// A fleet under random faults and random traffic, on a clock of its own. What must hold is checked after every event;
/// the same seed plays the same schedule.
public struct FleetSchedule {
    private static let step = TimeSpan.milliseconds(25)
    private static let probes = HealthRules.Probes(every: .milliseconds(250), timeout: .seconds(1))
    /// A hang is seen within this: a pace of probes, the time until one is late, and two looks. Late is three times what
    /// probes usually take, and a slow server may have taught ten times the latency.
    private func hang(of server: SimulatedServer) -> TimeSpan {
        let late = max(Self.probes.every.nanoseconds, 30 * server.latency.nanoseconds)
        return TimeSpan(nanoseconds: Self.probes.every.nanoseconds + late + 2 * Self.step.nanoseconds)
    }
    /// From the last fault until all is as before: the longest wait for a trial, a slow start, shares given back; and until
    /// an agent that says nothing any more has no say.
    private static let recovery = TimeSpan.seconds(60)
    /// And for a recycle that has begun: a drain, a hook that gives no word, a start.
    private static let oneRecycle = TimeSpan.seconds(30)
    private static let silence = TimeSpan.seconds(61)

    let rules: FleetRules
    /// Servers have agents that are asked.
    let hasAgents: Bool
    var fleet: FleetMachine
    var servers: [SimulatedServer] = []
    var random: SeededRandom
    var now = Moment(nanoseconds: 1_000_000_000_000)
    var standings: [Standing] = []
    /// When Bookend began anew.
    var restarted = Moment.origin
    /// Until when each server may be out at the latest, by what was asked for; nil when it is not.
    var leases: [Moment?] = []
    var hooks: [RunningHook] = []
    /// Requests are being refused until then.
    var pressedUntil = Moment.origin
    private var isPanic: Bool { fleet.isPanic(PoolID(index: 0)) }
    private var turn = 0
    var problem: String?
    /// Of the words for all actions, in order (FNV-1a): the same seed gives the same. Making the words takes as long as the rest.
    public private(set) var digest: UInt64?

    public init(seed: UInt64, hasDigest: Bool) {
        digest = hasDigest ? 14_695_981_039_346_656_037 : nil
        random = SeededRandom(seed: seed)
        let count = Int.random(in: 1...5, using: &random)
        let backups = count == 1 ? 0 : Int.random(in: 0...min(2, count - 1), using: &random)
        var members: [FleetRules.Server] = []
        for index in 0..<count {
            let weight = Int.random(in: 1...2, using: &random)
            members.append(
                FleetRules.Server(
                    weight: weight, isBackup: index >= count - backups, cap: nil, recycle: Self.recycling))
        }
        rules = FleetRules(
            pools: [
                FleetRules.Pool(
                    servers: 0..<count, health: HealthRules(probes: Self.probes, slowStart: .seconds(2)), exercise: 100,
                    isLimited: true, spreads: true)
            ],
            servers: members)
        hasAgents = Int.random(in: 0..<4, using: &random) == 0
        let latency = TimeSpan.milliseconds([1, 5, 20].randomElement(using: &random)!)
        for _ in 0..<count {
            servers.append(SimulatedServer(latency, isHonest: Bool.random(using: &random), at: now))
        }
        let known: [FleetRules.Known?] =
            Bool.random(using: &random)
            ? [] : (0..<count).map { _ in FleetRules.Known(state: .healthy, cap: nil, death: nil) }
        fleet = FleetMachine(rules, known: known, seed: seed, at: now)
        standings = fleet.standings
        leases = servers.map { _ in nil }
    }

    /// What did not hold first, or nil.
    public mutating func play() -> String? {
        let busy = Int.random(in: 0...6, using: &random)
        look()
        for _ in 0..<Int.random(in: 20...240, using: &random) {
            if Int.random(in: 0..<12, using: &random) == 0 { strike() }
            if Int.random(in: 0..<10, using: &random) == 0 { maintain() }
            if Int.random(in: 0..<30, using: &random) == 0 { reload() }
            if hasAgents, Int.random(in: 0..<8, using: &random) == 0 { advise() }
            pass(requests: busy == 0 ? 0 : Int.random(in: 0...busy, using: &random))
            if problem != nil { return problem }
        }
        for index in servers.indices { enter(.well, index) }
        var end = now + Self.recovery + (hasAgents ? Self.silence : .zero)
        // A pool of one server can never spare it.
        perform(fleet.callOffWaiting(at: now))
        end = end + Self.oneRecycle
        while !isRecovered {
            guard now < end else { return "not as before \(Self.recovery) after the last fault: \(states)" }
            pass(requests: 6)
            if problem != nil { return problem }
        }
        return nil
    }

    private mutating func strike() {
        let index = Int.random(in: servers.indices, using: &random)
        enter(SimulatedServer.Mode.allCases.randomElement(using: &random)!, index)
    }

    /// An agent says something; whatever it was, it never says anything after the last fault.
    private mutating func advise() {
        var answer = AgentAnswer()
        answer.percent = [nil, 0, 30, 100, 250].randomElement(using: &random)!
        answer.cap = [nil, nil, 0, 1, 50].randomElement(using: &random)!
        answer.administration = [nil, .ready, .ready, .drain, .maint].randomElement(using: &random)!
        answer.operation = [nil, .up, .up, .down, .stopped].randomElement(using: &random)!
        handle(.advised(ServerID(index: Int.random(in: servers.indices, using: &random)), answer))
    }

    mutating func enter(_ mode: SimulatedServer.Mode, _ index: Int) {
        if servers[index].enter(mode, at: now) { handle(.lost(ServerID(index: index), .reset)) }
    }

    private mutating func pass(requests: Int) {
        now = now + Self.step
        for index in servers.indices {
            if let result = servers[index].answer(at: now, probeTimeout: Self.probes.timeout) {
                handle(.probed(ServerID(index: index), result))
            }
        }
        runHooks()
        for _ in 0..<requests { send() }
        let refused = now < pressedUntil ? 3 : 0
        handle(.pressed(PoolID(index: 0), waiting: refused, refused: refused))
        look()
        check()
    }

    private mutating func look() {
        handle(.look(servers.map(\.signs)))
    }

    /// One request, as a worker sends it: to the first tier that somebody is in, and on after a lost connection.
    private mutating func send() {
        var tried: Set<Int> = []
        while tried.count < servers.count {
            guard let index = pick(tried) else { return }
            tried.insert(index)
            guard let loss = servers[index].take(at: now) else { return }
            handle(.lost(ServerID(index: index), loss))
            if standings[index].tier == .serving, !isPanic { problem = "server \(index) serves after \(loss)" }
        }
    }

    private mutating func pick(_ tried: Set<Int>) -> Int? {
        turn += 1
        for tier in Standing.Tier.allCases where tier != .leased {
            let open = servers.indices.filter { !tried.contains($0) && standings[$0].tier == tier }
            let willing = open.filter { UInt64(standings[$0].share) > random.next() & 0xFF }
            if !willing.isEmpty { return willing[turn % willing.count] }
            if !open.isEmpty { return open[turn % open.count] }
        }
        return nil
    }

    private mutating func handle(_ event: FleetEvent) {
        perform(fleet.handle(event, at: now))
    }

    mutating func perform(_ actions: [FleetAction]) {
        for action in actions {
            note(action)
            switch action {
            case .probe(let server):
                if servers[server.index].probe != nil { problem = "two probes of server \(server.index) at a time" }
                servers[server.index].beginProbe(at: now)
            case .tryOut(let server):
                // Taken out in this very look, workers hear so right after, and forget the trial.
                if let lease = fleet.lease(of: server), lease.isHeld, lease.since < now {
                    problem = "a request for \(server), which is taken out"
                }
                if let loss = servers[server.index].take(at: now) { handle(.lost(server, loss)) }
            case .publish(let standings):
                self.standings = standings
            case .note(.server(let server, .dead, let cause)): checkDeath(of: server.index, cause)
            case .limit(let server, let cap):
                if cap.limit < 1 { problem = "\(cap) of server \(server.index)" }
            case .wait(_, let patience):
                if patience <= .zero { problem = "a patience of \(patience)" }
            case .runHook(let server, let hook, _): begin(server, hook)
            case .note(.lease(let server, let lease)): checkRecycle(lease, server)
            case .note: break
            }
        }
    }

    private mutating func note(_ action: FleetAction) {
        guard let digest else { return }
        self.digest = "\(action)".utf8.reduce(digest) { ($0 ^ UInt64($1)) &* 1_099_511_628_211 }
    }
}

// MARK: - What must hold

extension FleetSchedule {
    private mutating func check() {
        let members = servers.indices.map { fleet.health(of: ServerID(index: $0)) }
        checkRecycles()
        if standings.count != servers.count { problem = "\(standings.count) standings" }
        let isServed = standings.contains { $0.tier == .serving || $0.tier == .spare }
        let mayServe = servers.indices.filter { standings[$0].tier != .leased }
        if !isServed, !mayServe.allSatisfy({ members[$0].state == .starting }) { problem = "nobody serves: \(states)" }
        for index in servers.indices {
            let standing = standings[index]
            if !(1...256).contains(standing.share) { problem = "\(index) stands at \(standing)" }
            if servers[index].wasAlwaysWell, members[index].state == .dead { problem = "\(index) is well and dead" }
            if isOut(index), standing.tier <= .suspect, !isPanic { problem = "\(index) is taken out, and serves" }
            let isHanging = servers[index].mode == .stopped || servers[index].mode == .cutOff
            let known = max(servers[index].modeSince, restarted)
            if isHanging, now - known > hang(of: servers[index]), standing.tier <= .spare, !isPanic {
                problem = "\(index) hangs since \(now - servers[index].modeSince), and serves"
            }
        }
        checkBackups(members)
        checkLeases()
    }

    private mutating func checkBackups(_ members: [ServerHealth]) {
        let primaries = rules.servers.indices.filter { !rules.servers[$0].isBackup }
        let backups = rules.servers.indices.filter { rules.servers[$0].isBackup }
        let well = backups.filter { members[$0].state == .healthy && standings[$0].tier != .leased && !isOut($0) }
        if primaries.contains(where: { members[$0].state == .dead || standings[$0].tier == .leased }), !well.isEmpty,
            !backups.contains(where: { standings[$0].tier == .serving })
        {
            problem = "a primary is missing and no backup serves: \(states)"
        }
    }

    private func isOut(_ index: Int) -> Bool { fleet.advice(of: ServerID(index: index)).isOut }

    /// Only what is gone, hangs or answers wrongly for long enough dies.
    private mutating func checkDeath(of index: Int, _ cause: Cause) {
        let server = servers[index]
        let lasted = now - server.modeSince
        let isDeserved =
            switch cause {
            case .probe(.lost, _): server.mode == .down || lasted <= Self.step
            case .probe(.timedOut, let count): count >= 2
            case .probe(.wrong, let count): count >= 3
            default: false
            }
        if server.wasAlwaysWell || !isDeserved {
            problem = "server \(index) dies, \(cause), \(server.mode) for \(lasted)"
        }
    }

    private var isRecovered: Bool {
        maintenanceIsOver
            && servers.indices.allSatisfy { index in
                let isBackup = rules.servers[index].isBackup
                return fleet.health(of: ServerID(index: index)).state == .healthy
                    && standings[index].tier == (isBackup ? .spare : .serving)
                    && standings[index].share == Standing.wholeShare && standings[index].weightPercent == 100
                    && fleet.cap(of: ServerID(index: index)).reason != .slowStart
                    && fleet.lease(of: ServerID(index: index)) == nil
            }
    }

    private var states: String {
        servers.indices.map { index in
            let health = fleet.health(of: ServerID(index: index))
            let lease = fleet.lease(of: ServerID(index: index)).map { ", lease \($0.state)" } ?? ""
            return "\(index)\(rules.servers[index].isBackup ? "b" : "") \(servers[index].mode): \(health.state), "
                + "\(health.cause), \(standings[index].tier) \(standings[index].share)" + lease
        }.joined(separator: "; ")
    }
}
