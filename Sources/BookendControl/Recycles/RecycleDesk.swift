import BookendConfig
import BookendCore
import BookendLoop
import BookendProxy

/// Takes commands about recycles, and says what became of them.
struct RecycleDesk {
    private let plan: Plan
    private let runner: FleetRunner
    private let loop: Loop
    private let text: RecycleText

    init(_ plan: Plan, _ runner: FleetRunner, on loop: Loop) {
        self.plan = plan
        self.runner = runner
        self.loop = loop
        text = RecycleText(plan)
    }

    /// Those of a pool that are not over, in the order of their turns.
    func recycles(of pool: Int) -> [RecycleReport] {
        runner.machine.recycles(of: PoolID(index: pool)).map { report($0, withOutput: false) }
    }

    /// A server's recycle, or how its last one ended.
    func recycle(of index: Int) -> AdminAnswer {
        guard let recycle = runner.machine.recycle(of: ServerID(index: index)) else {
            return refused(.notPlanned, server(index))
        }
        return .json(report(recycle, withOutput: true))
    }

    func begin(_ order: RecycleOrder, of index: Int) -> AdminAnswer {
        switch runner.recycle([ServerID(index: index)], by: order.by ?? "", why: order.why ?? "") {
        case .success(let recycles): return .json(report(recycles[0], withOutput: true))
        case .failure(let refusal): return refused(refusal, server(index))
        }
    }

    /// All servers of the pool that have a hook, one after the other.
    func begin(_ order: RecycleOrder, pool: Int) -> AdminAnswer {
        let servers = plan.pools[pool].servers.map { ServerID(index: $0) }
        switch runner.recycle(servers, by: order.by ?? "", why: order.why ?? "") {
        case .success(let recycles): return .json(recycles.map { report($0, withOutput: false) })
        case .failure(let refusal): return refused(refusal, "pool \(plan.pools[pool].pool.name)")
        }
    }

    func callOff(_ order: RecycleOrder, of index: Int) -> AdminAnswer {
        switch runner.callOff(ServerID(index: index), by: order.by ?? "") {
        case .success(let recycle): return .json(report(recycle, withOutput: true))
        case .failure(let refusal): return refused(refusal, server(index))
        }
    }

    /// All of the pool that have not begun, or have not left yet.
    func callOff(_ order: RecycleOrder, pool: Int) -> AdminAnswer {
        guard let owner = OrderCheck.owner(order.by) else { return refused(.noOwner, "") }
        let ended = runner.machine.recycles(of: PoolID(index: pool)).compactMap {
            try? runner.callOff($0.server, by: owner).get()
        }
        return .json(ended.map { report($0, withOutput: false) })
    }

    private func refused(_ refusal: RecycleRefusal, _ what: String) -> AdminAnswer {
        let (status, detail) = text.refusal(refusal, what)
        return .problem(status, detail)
    }

    private func server(_ index: Int) -> String { plan.servers[index].name }

    private func report(_ recycle: Recycle, withOutput: Bool) -> RecycleReport {
        let server = plan.servers[recycle.server.index]
        var waitsFor: String?
        var figures: GuardReport?
        if case .waiting(let wait) = recycle.phase {
            waitsFor = wait.name
            if case .guarded(let seen) = wait { figures = GuardReport(seen, plan) }
        }
        var outcome: String?
        if case .over(let end) = recycle.phase { outcome = end.name }
        return RecycleReport(
            server: server.name, pool: plan.pools[server.pool.index].pool.name, phase: recycle.phase.name,
            seconds: (loop.now - recycle.since).inSeconds, askedSeconds: (loop.now - recycle.asked).inSeconds,
            waitsFor: waitsFor, cause: recycle.causeName, owner: recycle.owner, why: recycle.why, outcome: outcome,
            text: text.state(recycle), hook: text.end(recycle), output: withOutput ? recycle.result?.output : nil,
            guard: figures)
    }
}
