import BookendCore
import BookendLab
import BookendLoop
import Glibc

/// One server of the demo: it keeps its name, port and memory limit over restarts.
final class DemoServer {
    let name: String
    let isBackup: Bool
    let port: ReservedPort
    let bound: MemoryBound
    private(set) var restarts = 0
    private let program: Program
    private var process: LimitedProcess?
    private var killsSeen = 0
    private var restartAt: Moment?

    init(_ name: String, isBackup: Bool, bookty: String, data: String, in bounds: MemoryBounds, limit: ByteCount)
        throws(Errno)
    {
        self.name = name
        self.isBackup = isBackup
        port = try ReservedPort.loopback()
        bound = try bounds.bound(name, limit: limit)
        program = Program(
            path: bookty,
            arguments: [
                "serve", "--bind", "127.0.0.1:\(port.address.port)", "--name", name, "--data", data, "--log", "off",
            ],
            signalAtOurEnd: SIGKILL)
    }

    var address: String { "127.0.0.1:\(port.address.port)" }
    var processID: pid_t? { process?.id }

    /// In MiB; nil where only a resource limit is in force.
    var usedMebibytes: Int? {
        guard case .group(let group, _) = bound else { return nil }
        return group.used().map { $0.bytes / 1_048_576 }
    }

    func start() throws(Errno) {
        process = try LimitedProcess(program, in: bound, shim: "/proc/self/exe")
    }

    /// Waits until it serves, for a time that a loaded machine needs for three at once.
    func waitUntilReady() throws(DemoFailure) {
        let kernel = Kernel()
        let end = kernel.now() + .seconds(30)
        while kernel.now() < end {
            if HTTPProbe.status(of: "/readyz", at: port.address) == 200 { return }
            process?.output.drain()
            if let ending = process?.ending() {
                process = nil
                throw DemoFailure("\(name) \(ending) while it started")
            }
            usleep(50_000)
        }
        throw DemoFailure("\(name) did not become ready in 30 seconds; it said: \(lastWords)")
    }

    /// Looks after it; gives a line of text when something happened. A server that died is started again after a second,
    /// as systemd would.
    func look(at now: Moment) -> String? {
        process?.output.drain()
        if let ending = process?.ending() {
            process = nil
            restartAt = now + .seconds(1)
            let kills = bound.outOfMemoryKills
            let cause = kills > killsSeen ? ": out of memory, killed by the kernel" : ""
            killsSeen = kills
            return "\(name) \(ending)\(cause); it starts again in a second"
        }
        guard process == nil, let due = restartAt, due <= now else { return nil }
        restartAt = nil
        restarts += 1
        do throws(Errno) {
            try start()
            return "\(name) started again, process \(process.map { "\($0.id)" } ?? "?")"
        } catch {
            restartAt = now + .seconds(1)
            return "\(name) cannot be started: \(error)"
        }
    }

    func end(_ signal: Int32) {
        process?.send(signal)
    }

    /// True once it does not run.
    func hasEnded() -> Bool {
        if process?.ending() != nil { process = nil }
        return process == nil
    }

    private var lastWords: String {
        let lines = process?.output.lines ?? []
        return lines.isEmpty ? "nothing" : lines.joined(separator: "\n  ")
    }
}
