import BookendCore
import BookendLab
import BookendLoop
import Foundation

extension DemoRun {
    /// What three servers may take to start at once on a loaded machine.
    private static let longestStart = TimeSpan.seconds(60)
    private static let pause = TimeSpan.milliseconds(50)

    /// False when it was stopped meanwhile.
    func startEverything() throws(DemoFailure) -> Bool {
        screen.say("Starting web-01, web-02 and backup-01, each with \(settings.memory) of memory ...")
        if case .resourceLimit(let reason) = bounds.kind {
            let cure = geteuid() == 0 ? "" : "\nStarted by root, the demo makes control groups."
            screen.say(
                """
                No control group can be made:
                  \(reason).
                Each server has a resource limit in place of it (RLIMIT_DATA): it is refused
                memory and crashes, where the kernel would have killed it.\(cure)
                """)
        }
        do throws(Errno) {
            for name in ["web-01", "web-02", "backup-01"] {
                let server = try DemoServer(
                    name, isBackup: name == "backup-01", bookty: settings.bookty, data: files.database, in: bounds,
                    limit: settings.memory)
                servers.append(server)
                try server.kept.start(at: kernel.now())
            }
        } catch {
            throw DemoFailure("cannot start a server in its memory limit (\(bounds.description)): \(error)")
        }
        for server in servers {
            guard try wait(for: server.kept, named: server.name, until: { server.isReady }) else { return false }
        }
        guard try startBookend() else { return false }
        try startReaders()
        return true
    }

    var guide: DemoGuide {
        DemoGuide(
            command: CommandLine.arguments.first ?? "bookend", url: "http://\(address.authority)",
            admin: files.socket, folder: files.folder, year: Calendar.current.component(.year, from: Date()),
            limit: "\(settings.memory) for each server, by \(bounds.description)"
                + (bounds.folder.map { "\n           \($0)" } ?? ""),
            rate: settings.rate,
            servers: servers.map { server in
                DemoGuide.Server(name: server.name, address: server.address, process: server.kept.processID ?? 0)
            })
    }

    private func startBookend() throws(DemoFailure) -> Bool {
        try files.writeConfiguration(address.endpoint, servers)
        let program = Program(path: Program.thisOne, arguments: ["run", files.configuration], signalAtOurEnd: SIGTERM)
        let kept: KeptProgram
        do throws(Errno) {
            // Without a limit, but counted, and ended with the rest.
            kept = KeptProgram(program, in: try bounds.bound("bookend", limit: nil), shim: Program.thisOne)
            bookend = kept
            try kept.start(at: kernel.now())
        } catch {
            throw DemoFailure("cannot start Bookend: \(error)")
        }
        let front = address.socketAddress
        guard try wait(for: kept, named: "bookend", until: { HTTPProbe.status(of: "/readyz", at: front) == 200 }) else {
            return false
        }
        // Where it listens is in the guide.
        _ = kept.lastLines
        return true
    }

    private func startReaders() throws(DemoFailure) {
        guard settings.rate > 0 else { return }
        do {
            let readers = try DemoReaders(
                to: address.socketAddress, authority: address.authority, rate: settings.rate)
            try readers.start()
            self.readers = readers
        } catch {
            throw DemoFailure("cannot start the traffic: \(error)")
        }
    }

    /// False when the demo was stopped meanwhile.
    private func wait(
        for program: KeptProgram, named name: String, until isReady: () -> Bool
    ) throws(DemoFailure) -> Bool {
        let end = kernel.now() + Self.longestStart
        while kernel.now() < end {
            if isReady() { return true }
            if let ending = program.ending() {
                throw DemoFailure("\(name) \(ending) while it started", said: program.lastLines)
            }
            // Also drains: a program whose output nobody takes would wait.
            _ = program.lastLines
            if stops.wait(Self.pause) { return false }
        }
        throw DemoFailure("\(name) was not ready after \(Self.longestStart)", said: program.lastLines)
    }
}
