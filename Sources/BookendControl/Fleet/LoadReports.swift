import BookendCore
import BookendLoop
import BookendProxy

/// What servers say of their load in their responses, as the workers hear it: taken a few times a second, however many
/// responses say so.
final class LoadReports {
    /// As often as an agent reports.
    private static let interval = TimeSpan.milliseconds(250)
    /// What is older is not shown.
    private static let stale = TimeSpan.seconds(3)

    private let signs: SharedSigns
    private let servers: Int
    private let workers: Int
    /// The last of each server and worker.
    private var heard: [LoadReport?]
    private var newest: [(report: LoadReport, at: Moment)?]
    private var taken: Moment

    init(_ signs: SharedSigns, servers: Int, workers: Int, at now: Moment) {
        self.signs = signs
        self.servers = servers
        self.workers = workers
        heard = Array(repeating: nil, count: servers * workers)
        newest = Array(repeating: nil, count: servers)
        taken = now
    }

    /// The servers that have said something of their memory since the last time, and what. Of several workers' reports
    /// the one with most memory in use counts.
    func take(at now: Moment) -> [(server: ServerID, reading: MemoryReading)] {
        guard now - taken >= Self.interval else { return [] }
        taken = now
        var readings: [(ServerID, MemoryReading)] = []
        for server in 0..<servers {
            guard let report = fresh(of: server) else { continue }
            newest[server] = (report, now)
            if let used = report.memory, let reading = MemoryReading(used: used, limit: 1) {
                readings.append((ServerID(index: server), reading))
            }
        }
        return readings
    }

    /// These numbers are new servers': what was said under them before was said by others.
    func forget(_ servers: [ServerID]) {
        for server in servers { newest[server.index] = nil }
    }

    /// Nil when it has said nothing lately.
    func newest(of server: Int, at now: Moment) -> LoadReport? {
        newest[server].flatMap { now - $0.at < Self.stale ? $0.report : nil }
    }

    private func fresh(of server: Int) -> LoadReport? {
        var most: LoadReport?
        for worker in 0..<workers {
            let report = signs.load(of: server, worker: worker)
            let index = worker * servers + server
            guard !report.isEmpty, report != heard[index] else { continue }
            heard[index] = report
            if most.map({ report.memory ?? 0 > $0.memory ?? 0 }) ?? true { most = report }
        }
        return most
    }
}
