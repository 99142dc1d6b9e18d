import BookendConfig
import BookendCore
import BookendLoop
import BookendProxy

// A removal is a drain with another end:
//
//     wanted ──▶ asked, draining: by a lease, which the guard may refuse ──▶ out: removed from the configuration in force
//                   │ restored, called back, or the others cannot bear it
//                   ▼
//                it stays

/// Takes commands that remove servers while Bookend runs.
final class RemovalDesk {
    private let configuration: RunningConfiguration
    private let current: CurrentPlan
    private let runner: FleetRunner
    private let loop: Loop
    private let say: (String) -> Void
    /// Servers that go when nothing is in flight there.
    private var leaving: [ServerID: Leaving] = [:]

    private struct Leaving {
        let by: String
        /// Of this server; another one may have its number later.
        let since: Int
    }

    init(
        _ configuration: RunningConfiguration, _ current: CurrentPlan, _ runner: FleetRunner, on loop: Loop,
        say: @escaping (String) -> Void
    ) {
        self.configuration = configuration
        self.current = current
        self.runner = runner
        self.loop = loop
        self.say = say
        runner.leaseChanged = { [unowned self] in leaseChanged($0, $1) }
    }

    /// Takes the server out as a drain does, guard and all; it goes when nothing is in flight there.
    func remove(_ server: ServerID, _ order: RemovalOrder, reply: @escaping AdminReply) {
        let (pool, name) = current.names(of: server)
        guard let by = OrderCheck.owner(order.by) else { return reply(runner.desk.refused(.noOwner, server.index)) }
        let why = order.why ?? "it is being removed"
        guard LeaseLimits.isReason(why) else { return reply(runner.desk.refused(.noReason, server.index)) }
        let others = current.plan.pools[current.plan.servers[server.index].pool.index].pool.servers
        guard others.contains(where: { $0.name != name && !$0.isBackup }) else {
            return reply(.problem(409, "without \(name) the pool \(pool) has no server that is no backup"))
        }
        leave(server, by)
        if let lease = runner.machine.lease(of: server), lease.isHeld || lease.state == .asked {
            guard lease.state == .asked || lease.state == .draining else { return go(server, pool, name, by, reply) }
            return reply(report(server, pool, name))
        }
        let longest = "\(LeaseLimits.lengths.upperBound)"
        let lease = LeaseOrder(for: longest, why: why, by: by, force: order.force, recall: true)
        let since = current.plan.servers[server.index].since
        runner.desk.take(lease, of: server.index) { [unowned self] answer in
            if answer.status != 200, leaving[server]?.since == since { leaving[server] = nil }
            reply(answer.status == 200 ? report(server, pool, name) : answer)
        }
    }

    private func leave(_ server: ServerID, _ by: String) {
        leaving[server] = Leaving(by: by, since: current.plan.servers[server.index].since)
    }

    private func report(_ server: ServerID, _ pool: String, _ name: String) -> AdminAnswer {
        .json(
            RemovalReport(
                server: name, pool: pool, removed: current.plan.servers[server.index].hasLeft,
                lease: runner.desk.leases.first { $0.server == name && $0.pool == pool }))
    }

    private func leaseChanged(_ server: ServerID, _ lease: Lease) {
        guard let order = leaving[server] else { return }
        guard order.since == current.plan.servers[server.index].since else {
            leaving[server] = nil
            return
        }
        let (pool, name) = current.names(of: server)
        switch lease.state {
        case .out: go(server, pool, name, order.by) { _ in }
        case .slowStart, .back:
            leaving[server] = nil
            say("\(name) stays: it came back before it was removed")
        case .asked, .draining, .verifying, .overdue: break
        }
    }

    private func go(_ server: ServerID, _ pool: String, _ name: String, _ by: String, _ reply: @escaping AdminReply) {
        leaving[server] = nil
        let change = RunningChange(.removed, pool, name, address: nil, backup: nil, weight: nil, by: by, at: now)
        configuration.change(.edit { _, changes in changes.isFull ? OrderCheck.full : .success(changes.with(change)) })
        {
            [say] outcome in
            switch outcome {
            case .success:
                say("\(name) is removed from pool \(pool), for \(by)")
                reply(.json(RemovalReport(server: name, pool: pool, removed: true, lease: nil)))
            case .failure(let refusal):
                say("\(name) is not removed: \(refusal.text)")
                reply(.problem(refusal.status, refusal.text))
            }
        }
    }

    /// Seconds since 1970.
    private var now: Double { Double(loop.kernel.wallClock()) / 1e9 }
}
