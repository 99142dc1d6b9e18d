import BookendControl
import BookendCore
import BookendLab
import BookendLoop
import Foundation

/// One run of the demo: what it starts, watches and ends.
final class DemoRun {
    private static let kind = "demo"
    /// How long everything may take to end by itself before it is killed.
    private static let patience = TimeSpan.seconds(5)

    private let listen: String
    private let rate: Int
    private let folder: String
    private let bounds: MemoryBounds
    private let kernel = Kernel()
    private let screen = DemoStatusLine()
    private var servers: [DemoServer] = []
    private var bookend: LimitedProcess?
    private var traffic: LimitedProcess?

    init(listen: String, memory: ByteCount, rate: Int, bookty: String) throws(DemoFailure) {
        Signals.block()
        self.listen = listen
        self.rate = rate
        guard let run = RunName(kind: Self.kind) else { throw DemoFailure("cannot read /proc: is it mounted?") }
        GroupRemoval().removeLeftovers(kind: Self.kind)
        Self.removeLeftoverFolders()
        folder = NSTemporaryDirectory() + run.text
        guard mkdir(folder, 0o700) == 0 else { throw DemoFailure("cannot make \(folder): \(Errno.last)") }
        bounds = MemoryBounds.find(for: run)
        do throws(Errno) {
            for name in ["web-01", "web-02", "backup-01"] {
                servers.append(
                    try DemoServer(
                        name, isBackup: name == "backup-01", bookty: bookty, data: folder + "/bookty.sqlite",
                        in: bounds,
                        limit: memory))
            }
        } catch {
            cleanUp()
            throw DemoFailure("cannot set up the servers: \(error)")
        }
    }

    func start() throws(DemoFailure) {
        screen.say("Starting three servers (\(limitText)) ...")
        do throws(Errno) {
            for server in servers { try server.start() }
        } catch {
            throw DemoFailure("cannot start a server: \(error)")
        }
        for server in servers { try server.waitUntilReady() }
        try startBookend()
        if rate > 0 { startTraffic() }
        screen.say(DemoGuide(url: url, admin: socket, limit: limitText, rate: rate, servers: servers).text)
    }

    /// Until a signal ends it.
    func watch() {
        while true {
            if let signal = Signals.next(within: .milliseconds(200)), [SIGINT, SIGTERM, SIGHUP].contains(signal) {
                return
            }
            traffic?.output.drain()
            for line in bookend?.output.drain() ?? [] { screen.say(line) }
            if let ending = bookend?.ending() {
                screen.say("bookend \(ending); the demo ends")
                bookend = nil
                return
            }
            for server in servers {
                if let event = server.look(at: kernel.now()) { screen.say(event) }
            }
            screen.show(servers, at: kernel.now()) { try? AdminClient(socket: socket).status().report }
        }
    }

    /// Ends everything that was started, and removes what was made. Nothing is left after it.
    func cleanUp() {
        for process in [traffic, bookend] { process?.send(SIGTERM) }
        for server in servers { server.end(SIGTERM) }
        let end = kernel.now() + Self.patience
        while kernel.now() < end, !hasEnded() { usleep(20_000) }
        for process in [traffic, bookend] { process?.send(SIGKILL) }
        for server in servers { server.end(SIGKILL) }
        let killed = kernel.now() + Self.patience
        while kernel.now() < killed, !hasEnded() { usleep(20_000) }
        if let group = bounds.folder { GroupRemoval().remove(run: group) }
        try? FileManager.default.removeItem(atPath: folder)
    }

    private var url: String { "http://\(listen)" }
    private var socket: String { folder + "/admin.sock" }

    private var limitText: String {
        let limit = servers.first?.bound.limit.map { "\($0) each" } ?? ""
        guard case .resourceLimit(let reason) = bounds.kind else { return "\(limit), by \(bounds.description)" }
        return "\(limit), by \(bounds.description), because no control group can be made: \(reason)"
    }

    private func startBookend() throws(DemoFailure) {
        let file = folder + "/bookend.yaml"
        var text = "listen: \(listen)\nstate: \(folder)\nadmin: { socket: \(socket) }\nservers:\n"
        for server in servers {
            text += "  \(server.name): { address: \(server.address)\(server.isBackup ? ", backup: true" : "") }\n"
        }
        do {
            try text.write(toFile: file, atomically: true, encoding: .utf8)
            bookend = try LimitedProcess(
                Program(path: "/proc/self/exe", arguments: ["run", file], signalAtOurEnd: SIGTERM),
                in: .resourceLimit(nil), shim: "/proc/self/exe")
        } catch {
            throw DemoFailure("cannot start Bookend: \(error)")
        }
        let end = kernel.now() + Self.patience
        while kernel.now() < end {
            if (try? AdminClient(socket: socket).status()) != nil { return }
            if bookend?.ending() != nil {
                bookend?.output.drain()
                let words = bookend?.output.lines ?? []
                bookend = nil
                throw DemoFailure(
                    "Bookend did not start:\n  " + words.joined(separator: "\n  ")
                        + "\nChoose another address with --listen.")
            }
            usleep(20_000)
        }
        throw DemoFailure("Bookend did not answer in \(Self.patience)")
    }

    /// What readers do: mostly pages, some searches. A day of it; then the demo goes on without.
    private func startTraffic() {
        let paths = ["4:/", "6:/books", "6:/books/198", "3:/search?q=whale", "1:/api/books"]
        traffic = try? LimitedProcess(
            Program(
                path: "/proc/self/exe",
                arguments: ["load", url, "--rate", "\(rate)", "--for", "24h", "--arrivals", "poisson", "--quiet"]
                    + paths.flatMap { ["--path", $0] }, signalAtOurEnd: SIGKILL),
            in: .resourceLimit(nil), shim: "/proc/self/exe")
    }

    private func hasEnded() -> Bool {
        if traffic?.ending() != nil { traffic = nil }
        if bookend?.ending() != nil { bookend = nil }
        return servers.allSatisfy { $0.hasEnded() } && traffic == nil && bookend == nil
    }

    /// Of demos that were killed.
    private static func removeLeftoverFolders() {
        let parent = NSTemporaryDirectory()
        for name in (try? FileManager.default.contentsOfDirectory(atPath: parent)) ?? [] {
            guard let run = RunName(name, kind: kind), run.isOver() else { continue }
            try? FileManager.default.removeItem(atPath: parent + name)
        }
    }
}
