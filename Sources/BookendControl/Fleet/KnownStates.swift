import BookendConfig
import BookendCore
import BookendLoop
import BookendProxy
import Foundation
import Glibc
import Synchronization

/// What was known of the servers, on disk: a Bookend that restarts does not send requests to the dead.
final class KnownStates: Sendable {
    private struct Record: Codable {
        let pool: String
        let server: String
        let state: String
        /// Requests in flight that it was known to hold.
        let cap: Int?
        let lease: LeaseRecord?
    }

    /// A state file for a fleet of the largest size that a configuration can hold.
    private static let largestFile = 16 << 20

    private let path: String
    private let thread: SlowWork
    private let hasFailed = Atomic(false)
    private let say: @Sendable (String) -> Void

    /// - Parameters:
    ///   - folder: of Bookend's state; made when something is first written.
    ///   - thread: writes.
    ///   - say: takes one line of text, from any thread.
    init(in folder: String, by thread: SlowWork, say: @escaping @Sendable (String) -> Void) {
        path = folder + (folder.hasSuffix("/") ? "" : "/") + "servers.json"
        self.thread = thread
        self.say = say
    }

    /// States in the order of the plan, nil for servers of which nothing is known; and leases, of which the time has gone
    /// on meanwhile.
    ///
    /// - Parameter wallClock: nanoseconds since 1970.
    func load(_ plan: Plan, wallClock: UInt64) -> (states: [FleetRules.Known?], leases: [KeptLease]) {
        guard let file = FileHandle(forReadingAtPath: path),
            let data = try? file.read(upToCount: Self.largestFile),
            let records = try? JSONDecoder().decode([Record].self, from: data)
        else { return ([], []) }
        var known: [String: Record] = [:]
        for record in records { known[record.pool + "/" + record.server] = record }
        let found = plan.servers.map { known[plan.pools[$0.pool.index].pool.name + "/" + $0.name] }
        let states = found.map { record in
            record.flatMap { record in
                ServerHealth.State(name: record.state).map { FleetRules.Known(state: $0, cap: record.cap) }
            }
        }
        let leases = found.enumerated().compactMap { index, record in
            record?.lease?.kept(of: ServerID(index: index), wallClock: wallClock)
        }
        return (states, leases)
    }

    /// False when too much waits for the disk already.
    func save(
        _ plan: Plan, leases: [KeptLease], wallClock: UInt64, _ known: (Int) -> FleetRules.Known
    ) -> Bool {
        let records = plan.liveServers.map { id in
            let (index, server) = (id.index, plan.servers[id.index])
            return Record(
                pool: plan.pools[server.pool.index].pool.name, server: server.name, state: known(index).state.name,
                cap: known(index).cap,
                lease: leases.first { $0.server.index == index }.map { LeaseRecord($0, wallClock: wallClock) })
        }
        return thread.post { [self] in write(records) }
    }

    private func write(_ records: [Record]) {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
        guard let bytes = try? encoder.encode(records) else { return }
        guard let error = replace(with: Array(bytes)) else { return hasFailed.store(false, ordering: .relaxed) }
        // Once, not at every change.
        guard !hasFailed.exchange(true, ordering: .relaxed) else { return }
        say("cannot write \(path): \(error); after a restart all servers are probed first, and leases are forgotten")
    }

    /// The file is the old one or the new one at any time, whatever happens meanwhile (rename(2)).
    private func replace(with bytes: [UInt8]) -> Errno? {
        Folder.make(above: path)
        let fresh = path + ".new"
        let raw = open(fresh, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        guard raw >= 0 else { return .last }
        let file = FileDescriptor(owning: raw)
        guard file.writeAll(bytes), rename(fresh, path) == 0 else { return .last }
        return nil
    }
}

extension ServerHealth.State {
    /// As status, log and state file write it.
    var name: String {
        switch self {
        case .starting: "starting"
        case .healthy: "healthy"
        case .suspect: "suspect"
        case .dead: "dead"
        case .returning: "returning"
        }
    }

    init?(name: String) {
        guard let state = Self.allCases.first(where: { $0.name == name }) else { return nil }
        self = state
    }
}
