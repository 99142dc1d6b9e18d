public import BookendConfig
import BookendCore
import BookendLoop
import BookendProxy
import CLinux
import Foundation
import Glibc

/// Holds the listening sockets and keeps one worker process alive: its death costs the requests that were in flight, and
/// not the port. Clients that connect meanwhile wait in the kernel's queue.
public final class Supervisor {
    /// Why Bookend cannot start, in one line that says how to mend it.
    public struct StartFailure: Error, CustomStringConvertible {
        public let description: String
    }

    /// How a run ended.
    public enum Ending: Equatable {
        case stopped
        /// The worker process ended by itself before it ever served.
        case neverServed
    }

    /// As given, with the ports that the system chose.
    public private(set) var configuration: Configuration
    /// As given.
    var written: Configuration
    /// Reads the configuration anew, from where it came from.
    let source: () -> Configuration.Outcome
    let log: (String) -> Void
    let workers: Int
    var held: HeldDescriptors
    private var hooks: HookStarter
    /// A changed configuration that the worker process has been told of.
    var reloading: Reloading?
    /// Asked for while one was under way.
    var next: ReloadAsked?
    private var restarts = RestartPolicy()
    private var worker: (id: pid_t, started: Moment)?
    /// The link's end to the present worker process.
    private var link: LinkEnd?
    /// Why the file was refused last, if that was the last that became of it: told to every worker process anew.
    var refusal: String?
    private var hasServed = false
    /// The worker process of now has said that it serves.
    private var isServing = false
    private var stopRequests = 0
    private let kernel = Kernel()
    private let manager = ServiceManager(environment: ProcessInfo.processInfo.environment)

    /// Binds everything, so that what is wrong with an address is said before anything runs.
    ///
    /// - Parameters:
    ///   - source: reads the configuration again, for a reload.
    ///   - log: takes one line of text.
    public init(
        _ configuration: Configuration, source: @escaping () -> Configuration.Outcome, log: @escaping (String) -> Void
    ) throws(StartFailure) {
        self.source = source
        self.log = log
        workers = configuration.workerCount
        if let shortage = configuration.descriptorShortage { throw Self.tooFewDescriptors(shortage) }
        try Self.checkSecrets(configuration)
        // The workers report to SIGUSR1 and SIGCHLD, people to the others; all are taken one by one in `run`.
        Signals.block()
        var sockets: [[Int32]] = []
        for listener in configuration.listeners {
            sockets.append(
                try BoundListener.listen(
                    on: listener.bind, listener.bindPlace, count: workers, besideOwn: false))
        }
        let adminNetwork = try configuration.admin.network.map(Self.listen(_:))
        written = configuration
        self.configuration = configuration.listening(
            on: sockets.map { ListeningSocket.local($0[0]).port },
            adminPort: adminNetwork.map { ListeningSocket.local($0).port })
        let file = try MemoryFile.holding(self.configuration.effectiveYAML())
        let orders: (supervisor: Int32, worker: Int32)
        do throws(Errno) { orders = try HookSocket.pair() } catch { throw Self.tooFewDescriptors("\(error)") }
        hooks = HookStarter(orders: orders.supervisor, most: HookStarter.most)
        held = HeldDescriptors(
            admin: try AdminSocket.open(configuration.admin.socket).release(), adminNetwork: adminNetwork,
            hooks: orders.worker, configuration: file.release(), listeners: sockets)
    }

    /// Runs until SIGTERM or SIGINT; a second one ends everything at once. SIGHUP reads the configuration anew.
    public func run() -> Ending {
        start()
        while true {
            switch Signals.next() {
            case SIGCHLD:
                if let ending = reap() { return ending }
            case SIGUSR1:
                listen()
            case SIGUSR2:
                startHooks()
            case SIGHUP:
                reload(.init(upTo: 0))
            case SIGTERM, SIGINT:
                stop()
            default:
                break
            }
        }
    }

    private func start() {
        let began = kernel.now()
        let arguments = ["bookend", "worker", "\(workers)", "\(getpid())"]
        do throws(Errno) {
            worker = (try spawn(arguments), began)
        } catch {
            log("cannot start the worker process: \(error)")
            worker = nil
            hangUp()
            wait(restarts.delay(afterLiving: .zero))
            if stopRequests == 0 { start() }
        }
    }

    /// Orders are there; none is taken any more when Bookend is to stop.
    private func startHooks() {
        guard !isStopping else { return }
        hooks.start(configuration: held.configuration, log: log)
    }

    private func spawn(_ arguments: [String]) throws(Errno) -> pid_t {
        let (ours, theirs) = try LinkEnd.pair()
        defer { theirs.close() }
        link = ours
        guard let copies = held.copies(with: theirs.raw) else { throw .last }
        defer { HeldDescriptors.close(copies) }
        return try ChildProcess.spawn(arguments, passing: copies)
    }

    /// Takes in children that ended. Gives the ending when it is over.
    private func reap() -> Ending? {
        var status: Int32 = 0
        while true {
            let id = waitpid(-1, &status, WNOHANG)
            guard id > 0 else { return nil }
            hooks.ended(id)
            guard id == worker?.id, let started = worker?.started else { continue }
            listen()
            worker = nil
            hangUp()
            isServing = false
            if stopRequests > 0 { return .stopped }
            if !hasServed { return .neverServed }
            let lived = kernel.now() - started
            let delay = restarts.delay(afterLiving: lived)
            manager.tell(.status("the worker process \(ChildProcess.describe(status)); another one is started"))
            let when = delay == .zero ? "at once" : "in \(delay)"
            log(
                "worker process \(id) \(ChildProcess.describe(status)) after \(lived.rounded); starting another \(when)"
            )
            wait(delay)
            if stopRequests > 0 { return .stopped }
            start()
        }
    }

    /// Waits before a restart, but not when told to stop.
    private func wait(_ delay: TimeSpan) {
        guard delay > .zero, let signal = Signals.next(within: delay) else { return }
        if signal == SIGTERM || signal == SIGINT { stopRequests += 1 }
    }

    private func stop() {
        stopRequests += 1
        manager.tell(.stopping, .status("requests in flight finish"))
        // As soon as the worker closed its own, the ports are closed: nobody waits for a process that ends.
        if stopRequests == 1 { held.close() }
        guard let worker else { return }
        kill(worker.id, stopRequests == 1 ? SIGTERM : SIGKILL)
    }

    static func tooFewDescriptors(_ what: String) -> StartFailure {
        StartFailure(
            description: "too few file descriptors (\(what)): raise the limit with `ulimit -n 4096` or, under systemd,"
                + " LimitNOFILE=")
    }

    /// The admin API's socket. Its token is read here too, so that what is wrong with it is said before anything runs.
    private static func listen(_ network: Admin.Network) throws(StartFailure) -> Int32 {
        if let file = network.tokenFile { try check(file, .token) }
        return try BoundListener.listen(on: network.bind, network.bindPlace, count: 1, besideOwn: false)[0]
    }

    /// Of webhooks. Blocks.
    static func checkSecrets(_ configuration: Configuration) throws(StartFailure) {
        for file in configuration.alerts.compactMap(\.way.secretFile) { try check(file, .secret) }
    }

    private static func check(_ file: Admin.TokenFile, _ use: TokenFile.Use) throws(StartFailure) {
        do throws(TokenFile.Unusable) {
            _ = try TokenFile(path: file.path, of: use)
        } catch {
            throw StartFailure(description: "\(file.place): \(error)")
        }
    }
}

// MARK: - The link to the worker process

extension Supervisor {
    /// Takes in what the worker process has said.
    private func listen() {
        while let (message, descriptors) = link?.receive(ToSupervisor.self) {
            HeldDescriptors.close(descriptors)
            switch message {
            case .serving: served()
            case .reload(let number): reload(.init(upTo: number))
            case .done(let refusal): reloadEnded(refusal)
            }
        }
    }

    /// The worker process serves: it says so when it begins, and again and again where a watchdog wants to know.
    private func served() {
        guard stopRequests == 0 else { return }
        if isServing { return manager.tell(.alive) }
        isServing = true
        hasServed = true
        ProgramPages.giveBack()
        let places = configuration.listeners.map { "http://\($0.bind)" }.joined(separator: ", ")
        manager.tell(.ready, .status("serving on \(places)"), .alive)
        if let refusal { tell(.refused(upTo: 0, refusal)) }
    }

    /// False when the worker process does not hear it.
    @discardableResult
    func tell(_ message: ToWorker, passing descriptors: [Int32] = []) -> Bool {
        link?.send(message, passing: descriptors) ?? false
    }

    /// The worker process has ended: whoever comes next serves the configuration that was in force.
    private func hangUp() {
        if reloading != nil { log("a reload is given up with the worker process: nothing has changed") }
        link?.close()
        link = nil
        abandonReload()
    }

    /// What the worker processes to come will serve.
    func commit(_ reloading: Reloading) {
        written = reloading.written
        configuration = reloading.configuration
        held.replace(reloading)
    }

    var isStopping: Bool { stopRequests > 0 }
}
