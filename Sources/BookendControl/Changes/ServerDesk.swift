import BookendConfig
import BookendCore
import BookendLoop
import BookendProxy

/// Takes commands that add, weigh and remove servers while Bookend runs, and says what became of them.
final class ServerDesk {
    typealias Refusal = RunningConfiguration.Refusal

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

    func add(_ order: ServerOrder) -> AdminAnswer {
        guard let pool = order.pool, let name = order.name, let address = order.address, let by = Self.owner(order.by)
        else {
            return .problem(400, "a server is {\"pool\": NAME, \"name\": NAME, \"address\": HOST:PORT, \"by\": NAME}")
        }
        let change = RunningChange(
            .added, pool, name, address: address, backup: order.backup ?? false, weight: order.weight, by: by, at: now)
        return edit { file, changes in
            guard let known = file.pools.first(where: { $0.name == pool }) else {
                return .failure(Refusal(status: 404, text: "there is no pool \(pool)"))
            }
            let isRemoved = changes.all.contains { $0.kind == .removed && $0.pool == pool && $0.server == name }
            if let server = known.servers.first(where: { $0.name == name }) {
                guard isRemoved else { return .failure(Refusal(status: 409, text: "\(pool) has a server \(name)")) }
                // As the file has it, it comes back.
                guard "\(server.address)" == address else {
                    return .failure(
                        Refusal(
                            status: 409,
                            text: "the file has \(name) at \(server.address): change it there, and reload"))
                }
                return .success(changes.without(pool, name))
            }
            if let twin = known.servers.first(where: { "\($0.address)" == address }) {
                return .failure(
                    Refusal(status: 409, text: "\(name) has the same address as \(twin.name): \(address)"))
            }
            if changes.all.contains(where: { $0.kind == .added && $0.pool == pool && $0.server == name }) {
                return .failure(Refusal(status: 409, text: "\(pool) has a server \(name)"))
            }
            guard !changes.isFull else { return Self.full }
            return .success(changes.with(change))
        }
    }

    func weigh(_ server: ServerID, _ order: WeightOrder) -> AdminAnswer {
        guard let weight = order.weight, let by = Self.owner(order.by) else {
            return .problem(400, "a weight is {\"weight\": 1 to 256, \"by\": NAME}")
        }
        let (pool, name) = names(of: server)
        let change = RunningChange(.weight, pool, name, address: nil, backup: nil, weight: weight, by: by, at: now)
        return edit { _, changes in changes.isFull ? Self.full : .success(changes.with(change)) }
    }

    /// Takes the server out as a drain does, guard and all; it goes when nothing is in flight there.
    func remove(_ server: ServerID, _ order: RemovalOrder) -> AdminAnswer {
        let (pool, name) = names(of: server)
        guard let by = Self.owner(order.by) else { return .problem(400, "`by` says who it is") }
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
        let (pool, name) = names(of: server)
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
        configuration.change(.edit { _, changes in changes.isFull ? Self.full : .success(changes.with(change)) }) {
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

    private func edit(
        _ edit: @escaping (Configuration, RunningChanges) -> Result<RunningChanges, Refusal>
    ) -> AdminAnswer {
        let later = LaterAnswer()
        configuration.change(.edit(edit)) { [say] outcome in
            switch outcome {
            case .success(let report):
                for line in report.changed { say(line) }
                later.give(.json(report))
            case .failure(let refusal): later.give(.problem(refusal.status, refusal.text))
            }
        }
        return .later(later)
    }

    private func names(of server: ServerID) -> (pool: String, server: String) {
        let plan = current.plan
        return (plan.pools[plan.servers[server.index].pool.index].pool.name, plan.servers[server.index].name)
    }

    /// Seconds since 1970.
    private var now: Double { Double(loop.kernel.wallClock()) / 1e9 }

    /// Who it is, in a line of its own.
    private static func owner(_ name: String?) -> String? {
        guard let name, !name.isEmpty, name.utf8.count <= LeaseLimits.ownerBytes,
            !name.unicodeScalars.contains(where: { $0.properties.generalCategory == .control })
        else { return nil }
        return name
    }

    private static var full: Result<RunningChanges, Refusal> {
        .failure(Refusal(status: 409, text: "too much was changed beside the file: write it there, and reload"))
    }
}
