import BookendConfig
import BookendCore
import BookendLoop
import BookendProxy
import CLinux
import Foundation
import Glibc

/// The process that serves: the data plane's loops on threads of their own, the control plane's on the first.
public final class WorkerProcess {
    /// How long requests in flight may take after SIGTERM.
    private static let drainLimit = TimeSpan.seconds(30)
    /// After so long what only the start needs was used.
    private static let startup = TimeSpan.seconds(1)

    private let loop: Loop
    private let fleet: FleetStatus
    private let runner: FleetRunner
    private var workers: [WorkerThread] = []
    private let configuration: RunningConfiguration
    private let reloads: ReloadDesk
    private let store: Store
    private let runs: RunEvents
    private var drained = 0
    private var isStopping = false

    /// Serves with the descriptors that the supervisor passed, until SIGTERM and the end of what is in flight.
    ///
    /// - Parameters:
    ///   - supervisor: the process that started this one.
    ///   - say: takes one line of text, from any thread.
    public static func run(workers: Int, supervisor: Int32, say: @escaping @Sendable (String) -> Void) throws {
        Signals.block()
        _ = clinux_die_with_parent(SIGTERM)
        // It may have ended before that call: nobody would ever end this process, or free its ports.
        guard getppid() == supervisor else { return }
        let process = try WorkerProcess(workers, supervisor, say)
        process.reloads.serves()
        try process.beat(for: supervisor)
        try process.loop.run()
        process.configuration.finish()
        process.store.finish()
        // Nobody is there any more to tell it otherwise.
        if let trouble = process.store.health.trouble { say("what changed last is not written: \(trouble)") }
    }

    private init(
        _ workerCount: Int, _ supervisor: pid_t, _ say: @escaping @Sendable (String) -> Void
    ) throws {
        let file = try Self.configuration()
        let slow = try SlowWork("slow work")
        let disk = ChangesFile(in: file.state, by: slow, say: say)
        let (configuration, changes) = Self.inForce(file, disk.load(), say)
        let descriptors = PassedDescriptors(configuration, workers: workerCount)
        let loop = try Loop()
        self.loop = loop
        var hear: (StoreNote) -> Void = { _ in }
        let notes = try Mailbox<StoreNote>(on: loop) { hear($0) }
        // It reads the file while the rest is made.
        let store = try Store(in: configuration.state) { notes.post($0) }
        self.store = store
        let plan = try Plan(configuration)
        let current = CurrentPlan(plan, workers: descriptors.workers)
        let news = ConfigurationNews()
        let open = SharedCounters(count: descriptors.workers)
        let held = SharedCounters(count: descriptors.workers)
        let memory = configuration.memoryPlan
        let log = try LogThread(configuration.accessLog)
        let signs = SharedSigns(servers: plan.room.servers, workers: descriptors.workers)
        let waiting = WaitingCounts(pools: plan.room.pools, workers: descriptors.workers)
        store.waitUntilLoaded()
        let events = Events(store, on: loop)
        let link = try StoreLink(store, on: loop)
        let later: (String) -> Void = { line in slow.post { say(line) } }
        let stream = EventStream(link, on: loop, say: later)
        let alerts = try AlertDesk(configuration.alerts.map { PreparedTarget(reading: $0) }, on: loop, say: later)
        events.addReader { event in if event.isKept, !event.kind.isOfProcess { later(event.text) } }
        events.addReader { stream.append($0) }
        events.addReader { alerts.take($0) }
        let runs = RunEvents(events, supervisor: supervisor)
        self.runs = runs
        runs.started(configuration, after: store.lastRun)
        let clock = { [unowned loop] in WallTime(unixNanoseconds: loop.kernel.wallClock()) }
        let kept = KeptLeases(current, store, link, clock: clock)
        let fleetEvents = FleetEvents(current, events, on: loop)
        let hooks = try HookDesk(current, socket: PassedDescriptors.hooks, to: supervisor, on: loop)
        let runner = FleetRunner(
            current, signs, waiting, KnownServers(current, store, clock: clock), kept, fleetEvents, hooks, on: loop)
        self.runner = runner
        for (index, server) in plan.servers.enumerated()
        where runner.machine.health(of: ServerID(index: index)).state == .dead {
            alerts.resume(dead: server.name, of: plan.pools[server.pool.index].pool.name)
        }
        let storeEvents = StoreEvents(events)
        hear = { note in
            storeEvents.note(note)
            if case .loaded = note { runner.loaded() }
        }
        let fleet = FleetStatus(
            current, news, runner, workers: descriptors.workers, connections: open, held: held, waiting: waiting,
            log: log?.writer, store: store, alerts: alerts, at: loop.now)
        self.fleet = fleet
        let reports = try Mailbox<Observations>(on: loop) { [unowned loop] in
            fleet.take($0, at: loop.now)
            current.take($0)
        }
        let losses = try Mailbox<(ServerID, Loss)>(on: loop) { runner.lost($0.0, $0.1) }
        self.configuration = try RunningConfiguration(
            file, changes, current,
            .init(runner: runner, status: fleet, events: fleetEvents, runs: runs, alerts: alerts), log: log, disk: disk,
            news: news, by: slow, on: loop, say: later)
        reloads = try ReloadDesk(
            LinkEnd(raw: PassedDescriptors.link), to: supervisor, self.configuration, news,
            workers: descriptors.workers, on: loop, say: later)
        let doors = WorkerDoors()
        let ended = try Mailbox<Int>(on: loop) { [unowned self] _ in workerDrained() }
        let shared = Worker.Shared(
            plan: plan, clients: ClientTable(), open: open,
            connections: max(1, memory.connections / descriptors.workers),
            buffers: BufferShare(bytes: memory.buffers / descriptors.workers), held: held,
            log: AccessLogOutput(log, configuration.accessLog), signs: signs, waiting: waiting,
            rankSeed: .random(in: 0 ... .max), standings: runner.machine.standings,
            report: { reports.post($0) }, lost: { losses.post(($0, $1)) }, knock: { doors.knock(at: $0, for: $1) })
        for index in 0..<descriptors.workers {
            let sockets = configuration.listeners.indices.map { descriptors.listener($0, worker: index) }
            workers.append(try WorkerThread(index, shared, sockets: sockets) { ended.post(index) })
        }
        doors.open(workers)
        runner.start(workers)
        self.configuration.start(workers)
        let plane = ControlPlane(
            fleet: fleet, events: stream, store: link, alerts: alerts, reloads: reloads,
            servers: ServerDesk(self.configuration, current, on: loop, say: later),
            removals: RemovalDesk(self.configuration, current, runner, on: loop, say: later))
        _ = try AdminListener(FileDescriptor(owning: PassedDescriptors.admin), .socket, plane, on: loop)
        if let network = configuration.admin.network, let socket = descriptors.adminNetwork {
            let gate = Self.gate(network, by: slow, on: loop, say)
            _ = try AdminListener(FileDescriptor(owning: socket), gate, plane, on: loop)
        }
        _ = Alarm(on: loop, at: loop.now + Self.startup) { ProgramPages.giveBack() }
        _ = try SignalSource(on: loop) { [unowned self] _ in stop() }
    }

    /// What the file says and what was changed beside it, as far as the two agree.
    private static func inForce(
        _ file: Configuration, _ kept: RunningChanges, _ say: (String) -> Void
    ) -> (Configuration, RunningChanges) {
        let (changes, dropped) = kept.reconciled(with: file)
        for line in dropped { say(line) }
        do throws(RunningChangeProblem) {
            return (try file.changed(by: changes), changes)
        } catch {
            say("what was changed while Bookend ran does not count any more: \(error)")
            return (file, RunningChanges([]))
        }
    }

    /// Beats while the supervisor is watched by a watchdog: four times in its interval, so that a late beat is no death.
    private func beat(for supervisor: Int32) throws(Errno) {
        let environment = ProcessInfo.processInfo.environment
        guard let interval = ServiceManager.watchdogInterval(environment, of: supervisor) else { return }
        _ = try Heartbeat(
            workers: workers.count, every: TimeSpan(nanoseconds: max(1_000_000, interval.nanoseconds / 4)), on: loop,
            ask: { [unowned self] in workers[$0].answer($1) }, beat: { [unowned self] in reloads.serves() })
    }

    private static func gate(
        _ network: Admin.Network, by slow: SlowWork, on loop: Loop, _ say: @escaping @Sendable (String) -> Void
    ) -> AdminGate {
        let token = network.tokenFile.map { AdminToken(path: $0.path, say: say) }
        if let token { _ = TokenWatch(token, by: slow, on: loop) }
        return .network(isLoopback: network.bind.host.isLoopback, token: token)
    }

    /// As the supervisor checked it.
    private static func configuration() throws -> Configuration {
        let file = FileDescriptor(owning: PassedDescriptors.configuration)
        let read = Configuration.parse(
            text: MemoryFile.text(of: file), file: "configuration", environment: [:], isRoot: geteuid() == 0)
        guard let configuration = read.configuration else { throw Diagnostics(read.diagnostics) }
        return configuration
    }

    private func stop() {
        if !isStopping { runs.stops() }
        isStopping = true
        for worker in workers { worker.drain() }
        _ = Alarm(on: loop, at: loop.now + Self.drainLimit) { [unowned self] in loop.stop() }
    }

    private func workerDrained() {
        drained += 1
        if drained == workers.count { loop.stop() }
    }
}
