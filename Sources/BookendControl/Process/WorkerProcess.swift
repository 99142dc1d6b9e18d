import BookendConfig
import BookendCore
import BookendLoop
import BookendProxy
import CLinux
import Glibc

/// The process that serves: the data plane's loops on threads of their own, the control plane's on the first.
public final class WorkerProcess {
    /// How long requests in flight may take after SIGTERM.
    private static let drainLimit = TimeSpan.seconds(30)

    private let loop: Loop
    private let fleet: FleetStatus
    private let runner: FleetRunner
    private var workers: [WorkerThread] = []
    private var log: LogThread?
    private var drained = 0

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
        let process = try WorkerProcess(workers, supervisor: supervisor, say)
        // The supervisor learns that this one serves. Whoever adopts this process otherwise must not be signalled.
        if getppid() == supervisor { kill(supervisor, SIGUSR1) }
        try process.loop.run()
        process.log?.finish()
    }

    private init(_ workerCount: Int, supervisor: Int32, _ say: @escaping @Sendable (String) -> Void) throws {
        let configuration = try Self.configuration()
        let descriptors = PassedDescriptors(configuration, workers: workerCount)
        let loop = try Loop()
        self.loop = loop
        let plan = try Plan(configuration)
        let open = SharedCounters(count: descriptors.workers)
        let held = SharedCounters(count: descriptors.workers)
        let memory = configuration.memoryPlan
        log = try LogThread(configuration.accessLog)
        let signs = SharedSigns(servers: plan.servers.count, workers: descriptors.workers)
        let slow = try SlowWork("slow work")
        let known = KnownStates(in: configuration.state, by: slow, say: say)
        let waiting = WaitingCounts(pools: plan.pools.count, workers: descriptors.workers)
        let later: (String) -> Void = { line in slow.post { say(line) } }
        let events = EventLog(on: loop, say: later)
        let fleetEvents = FleetEvents(plan, events, on: loop)
        let hooks = try HookDesk(plan, socket: PassedDescriptors.hooks, supervisor: supervisor, on: loop)
        let runner = FleetRunner(
            plan, signs, waiting, known, hooks, on: loop, say: later, told: { fleetEvents.take($0) })
        self.runner = runner
        let fleet = FleetStatus(
            plan, runner, workers: descriptors.workers, connections: open, held: held, waiting: waiting,
            log: log?.writer, at: loop.now)
        self.fleet = fleet
        let reports = try Mailbox<Observations>(on: loop) { [unowned loop] in
            fleet.take($0, at: loop.now)
            fleetEvents.take($0)
        }
        let losses = try Mailbox<(ServerID, Loss)>(on: loop) { runner.lost($0.0, $0.1) }
        let doors = WorkerDoors()
        let ended = try Mailbox<Int>(on: loop) { [unowned self] _ in workerDrained() }
        let shared = Worker.Shared(
            plan: plan, clients: ClientTable(), open: open,
            connections: max(1, memory.connections / descriptors.workers),
            buffers: BufferShare(bytes: memory.buffers / descriptors.workers), held: held, log: log?.writer,
            signs: signs, waiting: waiting, rankSeed: .random(in: 0 ... .max), standings: runner.standings,
            report: { reports.post($0) }, lost: { losses.post(($0, $1)) }, knock: { doors.knock(at: $0) })
        for index in 0..<descriptors.workers {
            let sockets = configuration.listeners.indices.map { descriptors.listener($0, worker: index) }
            workers.append(try WorkerThread(index, shared, sockets: sockets) { ended.post(index) })
        }
        doors.open(workers)
        runner.start(workers)
        let plane = ControlPlane(fleet: fleet, events: events)
        _ = try AdminListener(FileDescriptor(owning: PassedDescriptors.admin), .socket, plane, on: loop)
        if let network = configuration.admin.network, let socket = descriptors.adminNetwork {
            let gate = Self.gate(network, by: slow, on: loop, say)
            _ = try AdminListener(FileDescriptor(owning: socket), gate, plane, on: loop)
        }
        _ = try SignalSource(on: loop) { [unowned self] _ in stop() }
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
        for worker in workers { worker.drain() }
        _ = Alarm(on: loop, at: loop.now + Self.drainLimit) { [unowned self] in loop.stop() }
    }

    private func workerDrained() {
        drained += 1
        if drained == workers.count { loop.stop() }
    }
}
