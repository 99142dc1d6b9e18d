import BookendConfig
import BookendCore
import BookendProxy

/// The leases, handed to the store when they change; whoever gave the command waits until they are on disk.
final class KeptLeases {
    private let current: CurrentPlan
    private var plan: Plan { current.plan }
    private let store: Store
    private let link: StoreLink
    private let clock: () -> WallTime
    /// As the store has it, by server.
    private var sent: [LeaseRecord?]
    /// Orders that the store has not answered.
    private var pending: [Int]
    private var waiting: [[() -> Void]]

    /// - Parameter clock: the time of day.
    init(_ current: CurrentPlan, _ store: Store, _ link: StoreLink, clock: @escaping () -> WallTime) {
        self.current = current
        let plan = current.plan
        self.store = store
        self.link = link
        self.clock = clock
        let remembered = Dictionary(store.leases.map { ($0.key, $0) }) { first, _ in first }
        sent = plan.servers.map { remembered[plan.key(of: $0)] }
        pending = plan.servers.map { _ in 0 }
        waiting = plan.servers.map { _ in [] }
    }

    /// From before this worker process; the time that passed since counts.
    var kept: [KeptLease] {
        sent.enumerated().compactMap { index, record in record?.kept(of: ServerID(index: index), at: clock()) }
    }

    /// Those that became known only now, as the file could not be read before.
    func takeLate() -> [KeptLease] {
        let remembered = Dictionary(store.leases.map { ($0.key, $0) }) { first, _ in first }
        return plan.liveServers.compactMap { id in
            let (index, server) = (id.index, plan.servers[id.index])
            guard sent[index] == nil, let record = remembered[plan.key(of: server)] else { return nil }
            sent[index] = record
            return record.kept(of: ServerID(index: index), at: clock())
        }
    }

    /// Of servers that are not in the configuration any more: there is nothing to give back.
    func takeStrays() -> [LeaseRecord] {
        let known = Set(plan.liveServers.map { plan.key(of: plan.servers[$0.index]) })
        let strays = store.leases.filter { !known.contains($0.key) }
        for stray in strays {
            order {
                .leaseOver(pool: stray.pool, server: stray.server, ticket: $0)
            } answered: {
            }
        }
        return strays
    }

    /// The plan is another one from now on. Of a server that has left there is nothing to give back.
    func follow(_ plan: Plan, after last: Plan) {
        let more = plan.servers.count - sent.count
        sent += Array(repeating: nil, count: more)
        pending += Array(repeating: 0, count: more)
        waiting += Array(repeating: [], count: more)
        for id in plan.leaving(last) { changed(id, nil) }
    }

    /// - Parameter lease: what is to be known of it after a restart; nil when that is nothing.
    func changed(_ id: ServerID, _ lease: KeptLease?) {
        let server = plan.servers[id.index]
        let pool = plan.pools[server.pool.index].pool.name
        let record = lease.map { LeaseRecord($0, server: server.name, pool: pool, at: clock()) }
        guard !isSame(record, sent[id.index]) else { return }
        sent[id.index] = record
        pending[id.index] += 1
        order { ticket in
            record.map { .lease($0, ticket: ticket) } ?? .leaseOver(pool: pool, server: server.name, ticket: ticket)
        } answered: { [unowned self] in
            answered(id.index)
        }
    }

    /// Calls when what is known of the server's lease is on disk, or is not there in time: at once when nothing is under way.
    func whenWritten(_ id: ServerID, _ done: @escaping () -> Void) {
        guard pending[id.index] > 0 else { return done() }
        waiting[id.index].append(done)
    }

    /// Nothing is lost if Bookend is killed now.
    func isWritten(_ id: ServerID) -> Bool { store.hasWritten(leaseOf: plan.key(of: plan.servers[id.index])) }

    private func answered(_ server: Int) {
        pending[server] -= 1
        guard pending[server] == 0 else { return }
        let done = waiting[server]
        waiting[server] = []
        for call in done { call() }
    }

    private func order(_ order: (Int) -> StoreOrder, answered: @escaping () -> Void) {
        link.ask(order) { _ in answered() }
    }

    private func isSame(_ record: LeaseRecord?, _ other: LeaseRecord?) -> Bool {
        guard let record, let other else { return record == nil && other == nil }
        return record.isLike(other)
    }
}

extension Plan {
    /// By which a server is told apart over restarts.
    func key(of server: ServerPlan) -> String {
        StoreKey.of(server: server.name, pool: pools[server.pool.index].pool.name)
    }
}
