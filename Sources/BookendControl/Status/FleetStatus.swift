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
    /// Bytes of buffers.
    private let held: SharedCounters
    private let memory: MemoryPlan
    private let waiting: WaitingCounts
    private let log: LogWriter?
    private let started: Moment
    private(set) var total: Observations
    /// One element a second, the newest last.
    private var window: [(began: Moment, seen: Observations)] = []

    init(
        _ plan: Plan, _ runner: FleetRunner, workers: Int, connections: SharedCounters, held: SharedCounters,
        waiting: WaitingCounts, log: LogWriter?, at now: Moment
    ) {
        self.plan = plan
        self.runner = runner
        self.workers = workers
        self.connections = connections
        self.held = held
        memory = plan.configuration.memoryPlan
        self.waiting = waiting
        self.log = log
        started = now
        total = Observations(servers: plan.servers.count, pools: plan.pools.count)
    }

    func take(_ observations: Observations, at now: Moment) {
        total.merge(observations)
        for pool in plan.pools.indices { runner.refused(observations.pools[pool].shed, in: pool) }
        if let last = window.last, now - last.began < .seconds(1) {
            window[window.count - 1].seen.merge(observations)
        } else {
            window.append((now, observations))
        }
        forget(at: now)
    }

    var desk: LeaseDesk { runner.desk }
    var recycleDesk: RecycleDesk { runner.recycleDesk }
    /// Hooks that agents run.
    var hooks: HookDesk { runner.hooks }

    func pool(named name: String) -> Int? { plan.pools.firstIndex { $0.pool.name == name } }

    /// The servers of that name, `NAME` or `POOL/NAME`.
    func servers(named name: String) -> [ServerID] {
        plan.servers.indices.filter { index in
            let server = plan.servers[index]
            return server.name == name || "\(plan.pools[server.pool.index].pool.name)/\(server.name)" == name
        }.map { ServerID(index: $0) }
    }

    /// A server's memory.
    func reported(_ server: ServerID, _ reading: MemoryReading) {
        runner.reported(server, reading)
    }

    func report(of server: ServerID, at now: Moment) -> StatusReport.Server {
        let (recent, seconds) = recent(at: now)
        return self.server(server.index, recent, over: seconds, at: now)
    }

    func report(at now: Moment) -> StatusReport {
        let (recent, seconds) = recent(at: now)
        return StatusReport(
            version: Version.current, process: getpid(), uptimeSeconds: (now - started).inSeconds, workers: workers,
            listeners: plan.configuration.listeners.map { "\($0.bind)" },
            connections: (0..<workers).reduce(0) { $0 + connections.value($1) }, connectionLimit: memory.connections,
            bufferBytes: (0..<workers).reduce(0) { $0 + held.value($1) }, bufferLimitBytes: memory.buffers,
            outOfMemory: total.outOfMemory, ownAnswers: total.ownAnswerCount,
            droppedLogLines: log?.dropped ?? 0, alarms: alarms(at: now), leases: runner.desk.leases,
            pools: plan.pools.enumerated().map { index, pool in
                let seen = total.pools[index]
                return StatusReport.Pool(
                    name: pool.pool.name, balance: pool.pool.balance.rawValue, panic: runner.isPanic(index),
                    queued: waiting.total(of: index), shed: seen.shed,
                    shedReasons: Self.named(Shed.allCases) { ($0.name, seen.shedByReason[Int($0.rawValue)]) },
                    shedPriorities: Self.named(Priority.allCases) { ($0.name, seen.shedByPriority[Int($0.rawValue)]) },
                    unknownPriorities: seen.unknownPriorities,
                    spareCapacityRatio: runner.spareCapacityRatio(of: index),
                    recycles: runner.recycleDesk.recycles(of: index),
                    servers: pool.servers.map { server($0, recent, over: seconds, at: now) })
            })
    }

    /// What was seen lately, and in how many seconds.
    private func recent(at now: Moment) -> (Observations, seconds: Double) {
        forget(at: now)
        var recent = Observations(servers: plan.servers.count, pools: plan.pools.count)
        for second in window { recent.merge(second.seen) }
        return (recent, max(1, min(Double(Self.windowSeconds), (now - (window.first?.began ?? now)).inSeconds)))
    }

    private func alarms(at now: Moment) -> [StatusReport.Alarm] {
        let text = LeaseText(plan)
        return runner.alarms.map { alarm in
            StatusReport.Alarm(
                kind: alarm.kind.name, severity: alarm.severity.name,
                seconds: (now - alarm.since).inSeconds, text: text.alarm(alarm))
        }
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
            pool: plan.pools[server.pool.index].pool.name, name: server.name, address: server.address,
            backup: server.isBackup, weight: Int(server.weight),
            state: health.state.name, stateSeconds: (moment - health.since).inSeconds, why: "\(health.cause)",
            rotation: "\(standing.tier)", share: Double(standing.share) / Double(Standing.wholeShare),
            slowStart: health.slowStartShare(at: moment), lastProbe: health.lastProbe.map { "\($0.result)" },
            lastProbeSeconds: health.lastProbe.map { (moment - $0.at).inSeconds },
            inFlight: plan.inFlight.value(index), cap: cap.reason == .none ? nil : cap.limit,
            capReason: cap.reason.rawValue, memory: runner.memory(of: index).map(StatusReport.Memory.init),
            load: runner.load(of: index).map(StatusReport.Load.init), agent: agent(of: index, at: moment),
            unreadableReports: all.unreadableReports,
            requests: all.requests, errors: all.errors,
            connectFailures: all.connectFailures, requestsPerSecond: Double(now.requests) / seconds,
            errorsPerSecond: Double(now.errors + now.connectFailures) / seconds,
            p50Milliseconds: hasLatency ? now.latency.quantile(0.5).inMilliseconds : nil,
            p99Milliseconds: hasLatency ? now.latency.quantile(0.99).inMilliseconds : nil)
    }

    private func agent(of server: Int, at now: Moment) -> StatusReport.Agent? {
        runner.agent(of: server).map { agent in
            let advice = runner.advice(of: server)
            return StatusReport.Agent(
                out: advice.reason, weightPercent: advice.percent, maxInFlight: advice.cap,
                answeredSeconds: agent.lastAnswer.map { (now - $0).inSeconds },
                trouble: agent.trouble.map { "\($0)" })
        }
    }

    private static func named<Key>(_ keys: [Key], _ count: (Key) -> (String, UInt64)) -> [String: UInt64] {
        Dictionary(uniqueKeysWithValues: keys.map(count))
    }

    private func forget(at now: Moment) {
        window.removeAll { now - $0.began >= .seconds(Int64(Self.windowSeconds)) }
    }
}

extension FleetAlarm.Severity {
    /// As the admin API writes it.
    var name: String { self == .page ? "page" : "warning" }
}

extension FleetAlarm.Kind {
    /// As the admin API writes it.
    var name: String {
        switch self {
        case .noSpare: "no-spare"
        case .share: "share"
        case .forced: "forced"
        case .overdue: "overdue"
        case .forgotten: "forgotten"
        case .recycleWaits: "recycle-waits"
        case .recycleFailed: "recycle-failed"
        }
    }
}

extension StatusReport.Memory {
    fileprivate init(_ memory: ServerMemory) {
        let reading = memory.reading
        // What is computed from reports that contradict each other may be beyond everything.
        func bytes(_ value: Double?) -> UInt64? {
            reading.isShare ? nil : value.map { UInt64(min(max(0, $0), MemoryReading.limits.upperBound)) }
        }
        self.init(
            utilization: reading.used / reading.limit, usedBytes: bytes(reading.used), limitBytes: bytes(reading.limit),
            baseUtilization: memory.fit.map { $0.base / reading.limit },
            perRequestUtilization: memory.fit.map { $0.perRequest / reading.limit },
            baseBytes: bytes(memory.fit?.base), perRequestBytes: bytes(memory.fit?.perRequest),
            exhaustionSeconds: memory.secondsLeft, pressure: reading.pressure)
    }
}

extension StatusReport.Load {
    fileprivate init(_ report: LoadReport) {
        self.init(
            memoryUtilization: report.memory, cpuUtilization: report.cpu, applicationUtilization: report.application)
    }
}
