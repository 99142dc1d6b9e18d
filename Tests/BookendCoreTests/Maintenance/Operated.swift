@testable import BookendCore

extension RecycleRules {
    /// What tests of recycles begin with.
    static let tested = RecycleRules(drain: .seconds(20), hook: .seconds(60), ready: .seconds(30), memory: 0.85)
}

/// A fleet of one pool with a clock, some requests in flight and somebody who takes servers out.
struct Operated {
    var fleet: FleetMachine
    var now = Moment(nanoseconds: 1_000_000_000_000)
    var signs: [Signs]
    var actions: [FleetAction] = []
    /// What probes find.
    var sick: Set<Int> = []
    /// Of the pool, from now on.
    var waiting = 0
    var refused = 0

    /// Hooks that were told to run and are not over.
    var hooks: [(server: ServerID, hook: UInt64)] = []

    private let rules: FleetRules

    /// - Parameters:
    ///   - caps: of each server as configured, or nil for unlimited ones.
    ///   - backups: of the servers, the last ones.
    ///   - probes: from one to the next; nil for none.
    ///   - recycle: of every server; nil without clean-up hooks.
    init(
        caps: [Int?], backups: Int = 0, probes: TimeSpan? = .milliseconds(250), recycle: RecycleRules? = nil
    ) {
        let watched = probes.map { HealthRules.Probes(every: $0, timeout: .seconds(1)) }
        let health = HealthRules(probes: watched, slowStart: .seconds(10))
        rules = FleetRules(
            pools: [
                FleetRules.Pool(servers: 0..<caps.count, health: health, exercise: 0, isLimited: false, spreads: true)
            ],
            servers: caps.enumerated().map { index, cap in
                FleetRules.Server(weight: 1, isBackup: index >= caps.count - backups, cap: cap, recycle: recycle)
            })
        fleet = FleetMachine(rules, known: Self.healthy(caps.count), seed: 1, at: now)
        signs = caps.map { _ in Signs() }
        pass(.seconds(1))
    }

    private static func healthy(_ count: Int) -> [FleetRules.Known?] {
        (0..<count).map { _ in FleetRules.Known(state: .healthy, cap: nil, death: nil) }
    }

    mutating func handle(_ event: FleetEvent) {
        perform(fleet.handle(event, at: now))
    }

    mutating func perform(_ new: [FleetAction]) {
        actions += new
        for case .runHook(let id, let hook, _) in new { hooks.append((id, hook)) }
        for case .probe(let id) in new { handle(.probed(id, sick.contains(id.index) ? .lost : .good)) }
    }

    mutating func pass(_ span: TimeSpan) {
        let end = now + span
        while now < end {
            now = now + .milliseconds(25)
            handle(.pressed(PoolID(index: 0), waiting: waiting, refused: refused))
            handle(.look(signs))
        }
    }

    mutating func load(_ inFlight: [Int]) {
        for (index, count) in inFlight.enumerated() { signs[index].inFlight = count }
    }

    @discardableResult
    mutating func take(
        _ index: Int, for length: TimeSpan = .seconds(60), force: Bool = false, recall: Bool = true,
        why: String = "test"
    ) -> Result<Lease, LeaseRefusal> {
        let terms = LeaseTerms(length: length, owner: "ada", why: why, isForced: force, mayRecall: recall)
        let (outcome, actions) = fleet.take(terms, of: ServerID(index: index), at: now)
        perform(actions)
        return outcome
    }

    @discardableResult
    mutating func restore(_ index: Int) -> Result<Lease, LeaseRefusal> {
        let (outcome, actions) = fleet.restore(ServerID(index: index), by: "bob", at: now)
        perform(actions)
        return outcome
    }

    @discardableResult
    mutating func extend(_ index: Int, by span: TimeSpan) -> Result<Lease, LeaseRefusal> {
        let (outcome, actions) = fleet.extend(ServerID(index: index), by: span, owner: "bob", why: "longer", at: now)
        perform(actions)
        return outcome
    }

    /// Another Bookend, after some time, with what this one leaves.
    mutating func restart(after away: TimeSpan) {
        let kept = fleet.keptLeases(at: now).map { lease in
            KeptLease(
                server: lease.server, owner: lease.owner, why: lease.why,
                age: TimeSpan(nanoseconds: lease.age.nanoseconds + away.nanoseconds),
                left: TimeSpan(nanoseconds: lease.left.nanoseconds - away.nanoseconds), isForced: lease.isForced,
                mayRecall: lease.mayRecall, isRecycle: lease.isRecycle)
        }
        now = now + away
        fleet = FleetMachine(rules, known: Self.healthy(signs.count), seed: 2, at: now)
        perform(fleet.resume(kept, at: now))
    }

    @discardableResult
    mutating func recycle(_ indices: Int..., why: String = "test") -> Result<[Recycle], RecycleRefusal> {
        let servers = indices.map { ServerID(index: $0) }
        let (outcome, actions) = fleet.recycle(servers, by: "ada", why: why, at: now)
        perform(actions)
        return outcome
    }

    @discardableResult
    mutating func callOff(_ index: Int) -> Result<Recycle, RecycleRefusal> {
        let (outcome, actions) = fleet.callOff(ServerID(index: index), by: "bob", at: now)
        perform(actions)
        return outcome
    }

    /// The oldest hook that runs is over.
    mutating func endHook(_ ending: HookResult.Ending) {
        let (server, hook) = hooks.removeFirst()
        handle(.hookEnded(server, hook: hook, HookResult(ending, output: "")))
    }

    /// A server's agent says, four times a second, that its memory grows from one part of its limit to another.
    mutating func fill(_ index: Int, from start: Double, to end: Double, over span: TimeSpan) {
        let steps = Int(span.inSeconds * 4)
        for step in 0...max(0, steps) {
            let used = start + (end - start) * Double(step) / Double(max(1, steps))
            if let reading = MemoryReading(used: used * 1e9, limit: 1e9) {
                handle(.reported(ServerID(index: index), reading))
            }
            pass(.milliseconds(250))
        }
    }

    func phase(_ index: Int) -> Recycle.Phase? { fleet.recycle(of: ServerID(index: index))?.phase }

    mutating func kill(_ index: Int) {
        sick.insert(index)
        handle(.lost(ServerID(index: index), .refused))
        pass(.milliseconds(100))
    }

    func lease(_ index: Int) -> Lease? { fleet.lease(of: ServerID(index: index)) }
    func last(_ index: Int) -> Lease? { fleet.lastLease(of: ServerID(index: index)) }
    func tier(_ index: Int) -> Standing.Tier { fleet.standings[index].tier }
    func cap(_ index: Int) -> ServerCap { fleet.cap(of: ServerID(index: index)) }
    func has(_ kind: FleetAlarm.Kind) -> Bool { fleet.openAlarms.contains { $0.kind == kind } }
    func alarm(_ kind: FleetAlarm.Kind) -> FleetAlarm? { fleet.openAlarms.first { $0.kind == kind } }
}

extension Result {
    var failure: Failure? {
        if case .failure(let failure) = self { failure } else { nil }
    }

    var success: Success? { try? get() }
}

extension Operated {
    /// Servers with clean-up hooks.
    static func recycling(_ count: Int) -> Operated {
        Operated(caps: Array(repeating: 10, count: count), recycle: .tested)
    }
}
