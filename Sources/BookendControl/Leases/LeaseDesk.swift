import BookendConfig
import BookendCore
import BookendLoop
import BookendProxy

/// Takes commands about leases, and says what became of them.
struct LeaseDesk {
    private let plan: Plan
    private let runner: FleetRunner
    private let loop: Loop
    private let text: LeaseText

    init(_ plan: Plan, _ runner: FleetRunner, on loop: Loop) {
        self.plan = plan
        self.runner = runner
        self.loop = loop
        text = LeaseText(plan)
    }

    /// All leases, in the order of the servers.
    var leases: [LeaseReport] {
        plan.liveServers.compactMap { server in
            runner.machine.lease(of: server).map { report($0, of: server.index) }
        }
    }

    /// A server's lease, or how its last one ended.
    func lease(of index: Int) -> AdminAnswer {
        let id = ServerID(index: index)
        guard let lease = runner.machine.lease(of: id) ?? runner.machine.lastLease(of: id) else {
            return refused(.notLeased, index)
        }
        return .json(report(lease, of: index))
    }

    func take(_ order: LeaseOrder, of index: Int, reply: @escaping AdminReply) {
        guard let length = order.for.map(Self.length) ?? Configuration.usualLease else {
            return reply(Self.noLength)
        }
        let terms = LeaseTerms(
            length: length, owner: order.by ?? "", why: order.why ?? "", isForced: order.force ?? false,
            mayRecall: order.recall ?? true)
        answer(runner.take(terms, of: ServerID(index: index)), index, reply)
    }

    func extend(_ order: LeaseOrder, of index: Int, reply: @escaping AdminReply) {
        guard let length = order.for.flatMap(Self.length) else { return reply(Self.noLength) }
        let (id, owner, why) = (ServerID(index: index), order.by ?? "", order.why ?? "")
        answer(runner.extend(id, by: length, owner: owner, why: why), index, reply)
    }

    func restore(_ order: LeaseOrder, of index: Int, reply: @escaping AdminReply) {
        guard let owner = OrderCheck.owner(order.by) else { return reply(refused(.noOwner, index)) }
        answer(runner.restore(ServerID(index: index), by: owner), index, reply)
    }

    /// What was done is answered when it is on disk, or the disk was waited for in vain: it holds then too.
    private func answer(
        _ outcome: Result<Lease, LeaseRefusal>, _ index: Int, _ reply: @escaping AdminReply
    ) {
        switch outcome {
        case .success(let lease):
            runner.whenKept(ServerID(index: index)) { reply(.json(report(lease, of: index))) }
        case .failure(let refusal): reply(refused(refusal, index))
        }
    }

    func refused(_ refusal: LeaseRefusal, _ index: Int) -> AdminAnswer {
        let (status, detail) = text.refusal(refusal, ServerID(index: index))
        guard case .guarded(let figures) = refusal else { return .problem(status, detail) }
        return .problem(status, detail, guard: GuardReport(figures, plan))
    }

    private func report(_ lease: Lease, of index: Int) -> LeaseReport {
        let health = runner.machine.health(of: ServerID(index: index))
        let left = lease.ending == nil ? lease.ends - loop.now : .zero
        let ends = WallTime(unixNanoseconds: loop.kernel.wallClock()).plus(left)
        let pool = plan.pools[plan.servers[index].pool.index].pool
        return LeaseReport(
            server: plan.servers[index].name, pool: pool.name, state: lease.state.name, owner: lease.owner,
            why: lease.why, ageSeconds: lease.age(at: loop.now).inSeconds, leftSeconds: left.inSeconds,
            endsAt: ends.inMilliseconds, forced: lease.isForced, recall: lease.mayRecall,
            inFlight: plan.inFlight.value(index), health: health.state.name,
            healthSeconds: (loop.now - health.since).inSeconds, healthWhy: "\(health.cause)",
            trialSeconds: lease.trialLeft(at: loop.now).inSeconds, slowStartSeconds: pool.slowStart.inSeconds,
            ending: lease.ending == nil ? nil : text.ending(lease), kept: runner.isKept(ServerID(index: index)),
            guard: lease.figures.map { GuardReport($0, plan) })
    }

    /// Nil for what no lease, and no extension, can last.
    static func length(_ text: String) -> TimeSpan? {
        guard let length = TimeSpan(written: text), LeaseLimits.lengths.contains(length) else { return nil }
        return length
    }

    private static var noLength: AdminAnswer {
        let (least, most) = (LeaseLimits.lengths.lowerBound, LeaseLimits.lengths.upperBound)
        return .problem(400, "`for` is a length of time such as 30m or 2h, from \(least) to \(most)")
    }
}

extension GuardReport {
    init(_ figures: GuardFigures, _ plan: Plan) {
        func name(_ id: ServerID) -> String { plan.servers[id.index].name }
        verdict =
            switch figures.verdict {
            case .passes: "passes"
            case .trial: "trial"
            case .refused: "refused"
            }
        serving = figures.isServing
        rest = figures.rest.map { Part(server: name($0.server), holds: $0.cap, atLeast: $0.isAtLeast) }
        absent = figures.absent.map { one in
            switch one.reason {
            case .leased: Absent(server: name(one.server), reason: "leased")
            case .health(let state): Absent(server: name(one.server), reason: state.name)
            }
        }
        holds = figures.holds
        inFlight = figures.inFlight
        usual = figures.usual
        knownSeconds = figures.known.inSeconds
        passesInSeconds = figures.passesIn?.inSeconds
    }
}
