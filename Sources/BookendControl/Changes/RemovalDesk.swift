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
    func remove(_ server: ServerID, _ order: RemovalOrder) -> AdminAnswer {
        let (pool, name) = current.names(of: server)
        guard let by = OrderCheck.owner(order.by) else { return .problem(400, "`by` says who it is") }
        guard
            current.plan.pools[current.plan.servers[server.index].pool.index].pool.servers.contains(where: {
                $0.name != name && !$0.isBackup
            })
        else {
            return .problem(409, "without \(name) the pool \(pool) has no server that is no backup")
        }
        if let lease = runner.lease(of: server.index), lease.isHeld || lease.state == .asked {
            leave(server, by)
            guard lease.state != .asked, lease.state != .draining else { return report(server, pool, name) }
            return go(server, pool, name, by)
        }
        let why = order.why.flatMap { $0.isEmpty ? nil : $0 } ?? "it is being removed"
        let longest = "\(LeaseLimits.lengths.upperBound)"
        let lease = LeaseOrder(for: longest, why: why, by: by, force: order.force, recall: true)
        let answer = runner.desk.take(lease, of: server.index)
        guard answer.status == 200 else { return answer }
        leave(server, by)
        return report(server, pool, name)
    }

    private func leave(_ server: ServerID, _ by: String) {
        leaving[server] = Leaving(by: by, since: current.plan.servers[server.index].since)
    }

    private func report(_ server: ServerID, _ pool: String, _ name: String) -> AdminAnswer {
        .json(
            RemovalReport(
                server: name, pool: pool, removed: false,
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
        case .out: _ = go(server, pool, name, order.by)
        case .slowStart, .back:
            leaving[server] = nil
            say("\(name) stays: it came back before it was removed")
        case .asked, .draining, .verifying, .overdue: break
        }
    }

    private func go(_ server: ServerID, _ pool: String, _ name: String, _ by: String) -> AdminAnswer {
        leaving[server] = nil
        let change = RunningChange(.removed, pool, name, address: nil, backup: nil, weight: nil, by: by, at: now)
        let later = LaterAnswer()
        configuration.change(.edit { _, changes in changes.isFull ? OrderCheck.full : .success(changes.with(change)) })
        {
            [say] outcome in
            switch outcome {
            case .success:
                say("\(name) is removed from pool \(pool), for \(by)")
                later.give(.json(RemovalReport(server: name, pool: pool, removed: true, lease: nil)))
            case .failure(let refusal):
                say("\(name) is not removed: \(refusal.text)")
                later.give(.problem(refusal.status, refusal.text))
            }
        }
        return .later(later)
    }

    /// Seconds since 1970.
    private var now: Double { Double(loop.kernel.wallClock()) / 1e9 }
}
