import BookendConfig
import BookendCore
import BookendLoop
import BookendProxy
import Glibc

/// Adds up what the workers saw: since the start, and over the last ten seconds.
final class FleetStatus {
    private static let windowSeconds = 10

    private let current: CurrentPlan
    private var plan: Plan { current.plan }
    private let news: ConfigurationNews
    private let runner: FleetRunner
    private let workers: Int
    private let connections: SharedCounters
    /// Bytes of buffers.
    private let held: SharedCounters
    private let memory: MemoryPlan
    private let waiting: WaitingCounts
    private var log: LogWriter?
    /// By logs that were replaced.
    private var droppedBefore = 0
    private let store: Store
    private let alertDesk: AlertDesk
    private let started: Moment
    private(set) var total: Observations
    /// One element a second, the newest last.
    private var window: [(began: Moment, seen: Observations)] = []

    init(
        _ current: CurrentPlan, _ news: ConfigurationNews, _ runner: FleetRunner, workers: Int,
        connections: SharedCounters, held: SharedCounters,
        waiting: WaitingCounts, log: LogWriter?, store: Store, alerts: AlertDesk, at now: Moment
    ) {
        self.current = current
        self.news = news
        let plan = current.plan
        self.runner = runner
        self.workers = workers
        self.connections = connections
        self.held = held
        memory = plan.configuration.memoryPlan
        self.waiting = waiting
        self.log = log
        self.store = store
        alertDesk = alerts
        started = now
        total = Observations(servers: plan.servers.count, pools: plan.pools.count)
    }

    func take(_ observations: Observations, at now: Moment) {
        total.merge(observations)
        // Of a worker that has not heard of the newest pools there are fewer.
        for pool in observations.pools.indices { runner.refused(observations.pools[pool].shed, in: pool) }
        if let last = window.last, now - last.began < .seconds(1) {
            window[window.count - 1].seen.merge(observations)
        } else {
            // Of a worker that has not heard of the newest servers there are fewer, and others come on top.
            var seen = Observations(servers: plan.servers.count, pools: plan.pools.count)
            seen.merge(observations)
            window.append((now, seen))
        }
        forget(at: now)
    }

    /// The plan is another one from now on.
    func follow(_ plan: Plan, after last: Plan) {
        total.follow(plan, after: last)
        for index in window.indices { window[index].seen.follow(plan, after: last) }
    }

    /// Lines of the access log go elsewhere, or nowhere.
    func follow(_ log: LogWriter?) {
        droppedBefore += self.log?.dropped ?? 0
        self.log = log
    }

    /// What each server of the status has had since the worker process started, in its order.
    var seen: [Observations.OfServer] { plan.liveServers.map { total.servers[$0.index] } }

    var desk: LeaseDesk { runner.desk }
    var recycleDesk: RecycleDesk { runner.recycleDesk }
    /// Hooks that agents run.
    var hooks: HookDesk { runner.hooks }

    func pool(named name: String) -> Int? {
        plan.livePools.first { plan.pools[$0.index].pool.name == name }?.index
    }

    /// The servers of that name, `NAME` or `POOL/NAME`.
    func servers(named name: String) -> [ServerID] {
        plan.liveServers.filter { id in
            let server = plan.servers[id.index]
            return server.name == name || "\(plan.pools[server.pool.index].pool.name)/\(server.name)" == name
        }
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
            droppedLogLines: droppedBefore + (log?.dropped ?? 0), store: store.health, alarms: alarms(at: now),
            alertTargets: alertDesk.reports(at: now),
            leases: runner.desk.leases, differences: news.differences, notReloaded: news.refusal,
            pools: plan.livePools.map { id in
                let (index, pool) = (id.index, plan.pools[id.index])
                let seen = total.pools[index]
                return StatusReport.Pool(
                    name: pool.pool.name, balance: pool.pool.balance.rawValue, panic: runner.machine.isPanic(id),
                    queued: waiting.total(of: index), shed: seen.shed,
                    shedReasons: Self.named(Shed.allCases) { ($0.name, seen.shedByReason[Int($0.rawValue)]) },
                    shedPriorities: Self.named(Priority.allCases) { ($0.name, seen.shedByPriority[Int($0.rawValue)]) },
                    unknownPriorities: seen.unknownPriorities,
                    spareCapacityRatio: runner.machine.spareCapacityRatio(of: id, at: now),
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
        let ofFleet = runner.machine.openAlarms.map { alarm in
            StatusReport.Alarm(
                kind: alarm.kind.word.rawValue, severity: alarm.severity.name,
                seconds: (now - alarm.since).inSeconds, text: text.alarm(alarm))
        }
        return ofFleet + [stateAlarm].compactMap { $0 }
    }

    private var stateAlarm: StatusReport.Alarm? {
        let health = store.health
        guard let trouble = health.trouble else { return nil }
        // It may have jumped meanwhile.
        let seconds = max(0, health.troubleSince?.span(to: .now).inSeconds ?? 0)
        return StatusReport.Alarm(
            kind: AlarmWord.state.rawValue, severity: AlarmWord.stateSeverity.name, seconds: seconds,
            text: "cannot write \(health.path): \(trouble)")
    }

    private func server(_ index: Int, _ recent: Observations, over seconds: Double, at moment: Moment)
        -> StatusReport.Server
    {
        let server = plan.servers[index]
        let all = total.servers[index]
        let now = recent.servers[index]
        let health = runner.machine.health(of: ServerID(index: index))
        let standing = runner.machine.standings[index]
        let cap = runner.caps[index]
        let memory = runner.machine.memory(of: ServerID(index: index), at: moment)
        let hasLatency = now.latency.count > 0
        return StatusReport.Server(
            pool: plan.pools[server.pool.index].pool.name, name: server.name, address: server.address,
            backup: server.isBackup, weight: Int(server.weight),
            state: health.state.name, stateSeconds: (moment - health.since).inSeconds, why: "\(health.cause)",
            rotation: "\(standing.tier)", share: Double(standing.share) / Double(Standing.wholeShare),
            slowStart: health.slowStartShare(at: moment), lastProbe: health.lastProbe.map { "\($0.result)" },
            lastProbeSeconds: health.lastProbe.map { (moment - $0.at).inSeconds },
            inFlight: plan.inFlight.value(index), cap: cap.reason == .none ? nil : cap.limit,
            capReason: cap.reason.rawValue, memory: memory.map(StatusReport.Memory.init),
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
            let advice = runner.machine.advice(of: ServerID(index: server))
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

extension StatusReport.Memory {
    fileprivate init(_ memory: ServerMemory) {
        let reading = memory.reading
        // What is computed from reports that contradict each other may be beyond everything.
        func bytes(_ value: Double?) -> UInt64? {
            reading.isShare ? nil : value.map { UInt64(min(max(0, $0), MemoryReading.limits.upperBound)) }
        }
        self.init(
            utilization: reading.part, usedBytes: bytes(reading.used), limitBytes: bytes(reading.limit),
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
