import BookendConfig
import BookendCore
import BookendLoop
import BookendProxy
import Glibc

/// Adds up what the workers saw: since the start, and over the last ten seconds.
final class FleetStatus {
    private static let windowSeconds = 10

    private let plan: Plan
    private let runner: FleetRunner
    private let workers: Int
    private let connections: SharedCounters
    private let waiting: WaitingCounts
    private let log: LogWriter?
    private let store: Store
    private let started: Moment
    private var total: Observations
    /// One element a second, the newest last.
    private var window: [(began: Moment, seen: Observations)] = []

    init(
        _ plan: Plan, _ runner: FleetRunner, workers: Int, connections: SharedCounters, waiting: WaitingCounts,
        log: LogWriter?, store: Store, at now: Moment
    ) {
        self.plan = plan
        self.runner = runner
        self.workers = workers
        self.connections = connections
        self.waiting = waiting
        self.log = log
        self.store = store
        started = now
        total = Observations(servers: plan.servers.count, pools: plan.pools.count)
    }

    func take(_ observations: Observations, at now: Moment) {
        total.merge(observations)
        if let last = window.last, now - last.began < .seconds(1) {
            window[window.count - 1].seen.merge(observations)
        } else {
            window.append((now, observations))
        }
        forget(at: now)
    }

    /// A server's memory; gives how many servers have that name, `server` or `pool/server`, and takes it when it is one.
    func reported(_ name: String, _ reading: MemoryReading) -> Int {
        let found = plan.servers.indices.filter { index in
            let server = plan.servers[index]
            return server.name == name || "\(plan.pools[server.pool.index].pool.name)/\(server.name)" == name
        }
        if found.count == 1 { runner.reported(ServerID(index: found[0]), reading) }
        return found.count
    }

    func report(at now: Moment) -> StatusReport {
        forget(at: now)
        var recent = Observations(servers: plan.servers.count, pools: plan.pools.count)
        for second in window { recent.merge(second.seen) }
        let seconds = max(1, min(Double(Self.windowSeconds), (now - (window.first?.began ?? now)).inSeconds))
        return StatusReport(
            version: Version.current, process: getpid(), uptimeSeconds: (now - started).inSeconds, workers: workers,
            listeners: plan.configuration.listeners.map { "\($0.bind)" },
            connections: (0..<workers).reduce(0) { $0 + connections.value($1) },
            connectionLimit: plan.configuration.connectionLimit, ownAnswers: total.ownAnswerCount,
            droppedLogLines: log?.dropped ?? 0, store: store.health,
            pools: plan.pools.enumerated().map { index, pool in
                StatusReport.Pool(
                    name: pool.pool.name, balance: pool.pool.balance.rawValue, panic: runner.isPanic(index),
                    queued: waiting.total(of: index), shed: total.shed[index],
                    servers: pool.servers.map { server($0, recent, over: seconds, at: now) })
            })
    }

    private func server(_ index: Int, _ recent: Observations, over seconds: Double, at moment: Moment)
        -> StatusReport.Server
    {
        let server = plan.servers[index]
        let all = total.servers[index]
        let now = recent.servers[index]
        let health = runner.health(of: index)
        let standing = runner.standings[index]
        let cap = runner.caps[index]
        let hasLatency = now.latency.count > 0
        return StatusReport.Server(
            name: server.name, address: server.address, backup: server.isBackup, weight: Int(server.weight),
            state: health.state.name, stateSeconds: (moment - health.since).inSeconds, why: "\(health.cause)",
            rotation: "\(standing.tier)", share: Double(standing.share) / Double(Standing.wholeShare),
            slowStart: health.slowStartShare(at: moment), lastProbe: health.lastProbe.map { "\($0.result)" },
            lastProbeSeconds: health.lastProbe.map { (moment - $0.at).inSeconds },
            inFlight: plan.inFlight.value(index), cap: cap.reason == .none ? nil : cap.limit,
            capReason: cap.reason.rawValue, memory: runner.memory(of: index).map(StatusReport.Memory.init),
            requests: all.requests, errors: all.errors,
            connectFailures: all.connectFailures, requestsPerSecond: Double(now.requests) / seconds,
            errorsPerSecond: Double(now.errors + now.connectFailures) / seconds,
            p50Milliseconds: hasLatency ? now.latency.quantile(0.5).inMilliseconds : nil,
            p99Milliseconds: hasLatency ? now.latency.quantile(0.99).inMilliseconds : nil)
    }

    private func forget(at now: Moment) {
        window.removeAll { now - $0.began >= .seconds(Int64(Self.windowSeconds)) }
    }
}

extension StatusReport.Memory {
    fileprivate init(_ memory: ServerMemory) {
        self.init(
            usedBytes: UInt64(memory.reading.used), limitBytes: UInt64(memory.reading.limit),
            baseBytes: memory.fit.map { UInt64($0.base) }, perRequestBytes: memory.fit.map { UInt64($0.perRequest) },
            exhaustionSeconds: memory.secondsLeft)
    }
}
