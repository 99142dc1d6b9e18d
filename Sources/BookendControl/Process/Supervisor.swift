public import BookendConfig
import BookendCore
import BookendLoop
import BookendProxy
import CLinux
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
    public let configuration: Configuration
    private let log: (String) -> Void
    private let descriptors: PassedDescriptors
    private var hooks: HookStarter
    /// In the order of `PassedDescriptors`, at numbers that none of them has.
    private var held: [Int32] = []
    private var restarts = RestartPolicy()
    private var worker: (id: pid_t, started: Moment)?
    private var hasServed = false
    private var stopRequests = 0
    private let kernel = Kernel()

    /// Binds everything, so that what is wrong with an address is said before anything runs.
    ///
    /// - Parameter log: takes one line of text.
    public init(_ configuration: Configuration, log: @escaping (String) -> Void) throws(StartFailure) {
        self.log = log
        let workers = configuration.workerCount
        descriptors = PassedDescriptors(configuration, workers: workers)
        if let shortage = configuration.descriptorShortage { throw Self.tooFewDescriptors(shortage) }
        // The workers report to SIGUSR1 and SIGCHLD, people to the others; all are taken one by one in `run`.
        Signals.block()
        var sockets: [[Int32]] = []
        for listener in configuration.listeners {
            sockets.append(try Self.listen(on: listener.bind, listener.bindPlace, count: workers))
        }
        let adminNetwork = try configuration.admin.network.map(Self.listen(_:))
        self.configuration = configuration.listening(
            on: sockets.map { ListeningSocket.local($0[0]).port },
            adminPort: adminNetwork.map { ListeningSocket.local($0).port })
        let orders: (supervisor: Int32, worker: Int32)
        do throws(Errno) {
            orders = try HookSocket.pair()
        } catch {
            throw Self.tooFewDescriptors("\(error)")
        }
        let needed = configuration.listeners.count * workers + 4
        hooks = HookStarter(orders: try Self.move(FileDescriptor(owning: orders.supervisor), needed))
        try hold(MemoryFile.holding(self.configuration.effectiveYAML()), needed)
        try hold(AdminSocket.open(configuration.admin.socket), needed)
        try hold(FileDescriptor(owning: orders.worker), needed)
        if let adminNetwork { try hold(FileDescriptor(owning: adminNetwork), needed) }
        for socket in sockets.joined() { try hold(FileDescriptor(owning: socket), needed) }
    }

    /// Runs until SIGTERM or SIGINT; a second one ends everything at once.
    public func run() -> Ending {
        start()
        while true {
            switch Signals.next() {
            case SIGCHLD:
                if let ending = reap() { return ending }
            case SIGUSR1:
                hasServed = true
            case SIGUSR2:
                startHooks()
            case SIGTERM, SIGINT:
                stop()
            default:
                break
            }
        }
    }

    private func start() {
        let began = kernel.now()
        let arguments = ["bookend", "worker", "\(descriptors.workers)", "\(getpid())"]
        switch ChildProcess.spawn(arguments, passing: held) {
        case .success(let id): worker = (id, began)
        case .failure(let error):
            log("cannot start the worker process: \(error)")
            worker = nil
            wait(restarts.delay(afterLiving: .zero))
            if stopRequests == 0 { start() }
        }
    }

    /// None any more when Bookend is to stop.
    private func startHooks() {
        guard let configuration = held.first else { return }
        hooks.start(configuration: configuration, log: log)
    }

    /// Takes in children that ended. Gives the ending when it is over.
    private func reap() -> Ending? {
        var status: Int32 = 0
        while true {
            let id = waitpid(-1, &status, WNOHANG)
            guard id > 0 else { return nil }
            // There may be orders for which there was no room.
            if hooks.ended(id) { startHooks() }
            guard id == worker?.id, let started = worker?.started else { continue }
            worker = nil
            if stopRequests > 0 { return .stopped }
            if !hasServed { return .neverServed }
            let lived = kernel.now() - started
            let delay = restarts.delay(afterLiving: lived)
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
        // As soon as the worker closed its own, the ports are closed: nobody waits for a process that ends.
        for descriptor in held { _ = FileDescriptor(owning: descriptor) }
        held = []
        guard let worker else { return }
        kill(worker.id, stopRequests == 1 ? SIGTERM : SIGKILL)
    }

    private func hold(_ descriptor: consuming FileDescriptor, _ needed: Int) throws(StartFailure) {
        held.append(try Self.move(descriptor, needed))
    }

    /// Moves a descriptor out of the numbers that the worker process gets.
    private static func move(_ descriptor: consuming FileDescriptor, _ needed: Int) throws(StartFailure) -> Int32 {
        let lowest = PassedDescriptors.configuration + Int32(needed)
        let moved = clinux_fcntl(descriptor.raw, F_DUPFD_CLOEXEC, lowest)
        guard moved >= 0 else {
            throw tooFewDescriptors("\(Errno.last)")
        }
        return moved
    }

    private static func tooFewDescriptors(_ what: String) -> StartFailure {
        StartFailure(
            description: "too few file descriptors (\(what)): raise the limit with `ulimit -n 4096` or, under systemd,"
                + " LimitNOFILE=")
    }

    /// The admin API's socket. Its token is read here too, so that what is wrong with it is said before anything runs.
    private static func listen(_ network: Admin.Network) throws(StartFailure) -> Int32 {
        if let file = network.tokenFile {
            do throws(TokenFile.Unusable) {
                _ = try TokenFile(path: file.path)
            } catch {
                throw StartFailure(description: "\(file.place): \(error)")
            }
        }
        return try listen(on: network.bind, network.bindPlace, count: 1)[0]
    }

    private static func listen(on bind: Endpoint, _ place: Place, count: Int) throws(StartFailure) -> [Int32] {
        let address: SocketAddress
        do throws(ResolutionFailure) {
            address = try SocketAddress(resolving: bind)
        } catch {
            throw StartFailure(description: "\(place): \(error)")
        }
        do throws(Errno) {
            return try ListeningSocket.group(address, count: count)
        } catch {
            throw StartFailure(description: "\(place): cannot listen on \(bind): \(cure(error, bind))")
        }
    }

    private static func cure(_ error: Errno, _ bind: Endpoint) -> String {
        switch error {
        case .addressInUse:
            "the port is in use; `ss -ltnp 'sport = :\(bind.port)'` shows by whom"
        case .noPermission:
            "no permission; ports below 1024 need root or CAP_NET_BIND_SERVICE"
        case .addressNotAvailable:
            "no interface of this machine has that address; `ip address` lists them"
        default: "\(error)"
        }
    }
}
