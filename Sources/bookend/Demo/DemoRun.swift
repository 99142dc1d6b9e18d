import BookendCore
import BookendLab
import BookendLoop
import Foundation

/// One run of the demo: what it starts, watches and ends.
final class DemoRun {
    private static let kind = "demo"
    private static let glance = TimeSpan.milliseconds(100)
    /// Between two status lines; on a terminal one takes the place of the other.
    private static let refresh = (terminal: TimeSpan.seconds(1), file: TimeSpan.seconds(10))

    let settings: DemoSettings
    let address: DemoAddress
    let stops = StopRequests()
    let files: DemoFiles
    let bounds: MemoryBounds
    let kernel = Kernel()
    let screen = DemoScreen()
    var servers: [DemoServer] = []
    var bookend: KeptProgram?
    var readers: DemoReaders?
    private let remains: Remains
    private let sweeper: Sweeper
    private let watch: FleetWatch

    /// Starts nothing yet; when it fails, nothing is left.
    init(_ settings: DemoSettings) throws(DemoFailure) {
        self.settings = settings
        address = try DemoAddress(settings.listen)
        guard let run = RunName(kind: Self.kind) else { throw DemoFailure("cannot read /proc: is it mounted?") }
        for parent in DemoFiles.parents { Remains.removeLeftovers(kind: Self.kind, in: parent) }
        files = try DemoFiles(run)
        bounds = MemoryBounds.find(for: run)
        remains = Remains(folder: files.folder, group: bounds.folder)
        watch = FleetWatch(socket: files.socket)
        do throws(Errno) {
            sweeper = try Sweeper(remains, program: Program.thisOne)
            try watch.start()
        } catch {
            remains.remove()
            throw DemoFailure("cannot start a process or a thread: \(error)")
        }
    }

    /// Starts everything, shows it, and ends it when asked to.
    func run() throws(DemoFailure) {
        defer { cleanUp() }
        guard try startEverything() else { return screen.say("Stopped while it started.") }
        screen.say(guide.text)
        lookAfterEverything()
        screen.leave()
        screen.say("Ending everything that the demo started.")
    }

    /// Until somebody wants it to end, or nobody watches any more.
    private func lookAfterEverything() {
        let start = kernel.now()
        let interval = screen.isTerminal ? Self.refresh.terminal : Self.refresh.file
        var showAt = start + interval
        while !stops.wait(Self.glance), screen.isWatched {
            let now = kernel.now()
            for server in servers { report(server.kept.look(at: now).news, of: server.name) }
            if let (news, said) = bookend?.look(at: now) {
                for line in said { tell(line) }
                report(news, of: "bookend")
            }
            guard now >= showAt else { continue }
            showAt = now + interval
            screen.show(statusLine(since: start, now).text(columns: screen.columns))
        }
    }

    private func report(_ news: ProgramNews?, of name: String) {
        if let news { tell("\(name) \(news)") }
    }

    private func tell(_ line: String) {
        screen.say("\(Date.now.formatted(.dateTime.hour(.twoDigits(amPM: .omitted)).minute().second()))  \(line)")
    }

    private func statusLine(since start: Moment, _ now: Moment) -> FleetLine {
        let rates = watch.rates(at: now)
        return FleetLine(
            elapsed: now - start,
            servers: servers.map { server in
                FleetLine.Server(
                    name: server.name, requestsPerSecond: rates[server.name], memory: server.kept.used,
                    restarts: server.kept.restarts)
            },
            readers: readers?.seen,
            bookend: FleetLine.Server(
                name: "bookend", requestsPerSecond: nil, memory: bookend?.used, restarts: bookend?.restarts ?? 0))
    }

    private func cleanUp() {
        readers?.stop()
        // Bookend first, as long as the servers can still answer what is in flight.
        let orderly = (bookend.map { [$0] } ?? []) + servers.map(\.kept)
        Ending(stops: stops, kernel: kernel).end(orderly)
        remains.remove()
        sweeper.finish()
    }
}
