import ArgumentParser
import BookendControl
import BookendCore
import BookendLab
import BookendLoop
import Foundation

struct Agent: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Report a server's memory to Bookend, four times a second.",
        discussion: """
            Runs until it is stopped, through restarts of Bookend and of the service. With --recycle it also cleans the \
            service up when Bookend says so (`recycle: agent` in its configuration):

              bookend agent --server web-01 --to 10.0.0.5:9900 --unit bookty --recycle systemctl restart bookty
            """)

    @Option(help: ArgumentHelp("The server, as Bookend's configuration calls it, or POOL/NAME.", valueName: "NAME"))
    var server: String

    @Option(
        help: ArgumentHelp("The Bookend to report to: its admin API's address, or its socket.", valueName: "HOST:PORT"))
    var to: String

    @OptionGroup var access: AdminAccess

    @Option(help: ArgumentHelp("The systemd unit of the service.", valueName: "UNIT"))
    var unit: String?

    @Option(help: ArgumentHelp("The control group's folder.", valueName: "FOLDER"))
    var cgroup: String?

    @Option(help: "A process of the service.")
    var pid: Int32?

    @Option(
        parsing: .remaining,
        help: ArgumentHelp("The clean-up hook, as the last option: a program and its arguments.", valueName: "COMMAND"))
    var recycle: [String] = []

    /// From one report to the next, in microseconds.
    private static let pause: useconds_t = 250_000

    func validate() throws {
        guard [unit != nil, cgroup != nil, pid != nil].count(where: { $0 }) == 1 else {
            throw ValidationError("Say which service it is: one of --unit, --cgroup and --pid.")
        }
        do throws(AdminAddress.Problem) { _ = try AdminAddress(to) } catch { throw ValidationError("\(error)") }
    }

    func run() throws {
        Signals.heedChildren()
        let memory = ServiceMemory(service)
        let hook = AgentHook(recycle)
        let bookend = try AdminAddress(to)
        /// Resolved, so that the resolver is not asked four times a second.
        var place: AdminAddress?
        var trouble: String?
        while true {
            var now: String?
            do {
                place = try place ?? bookend.pinned()
                // The token is read each time: a new one needs no restart.
                if let place { now = try report(memory, hook, AdminClient(at: place, token: try access.token())) }
            } catch {
                now = "\(error)"
                place = nil
            }
            // Once, and not four times a second.
            if now != trouble { say(now ?? "reports the memory of \(server)") }
            trouble = now
            usleep(Self.pause)
        }
    }

    /// What is wrong with the service, or nil.
    private func report(_ memory: ServiceMemory, _ hook: AgentHook, _ client: AdminClient) throws -> String? {
        let progress = hook.report
        // A hook that restarts the service leaves nothing to read for a while, and its end has to be told all the same.
        guard let reading = memory.read() else {
            if let progress { try tell(nil, progress, hook, client) }
            return "the service is not there, or its memory cannot be read"
        }
        try tell(reading, progress, hook, client)
        return nil
    }

    private func tell(
        _ reading: ServiceMemory.Reading?, _ progress: HookReport?, _ hook: AgentHook, _ client: AdminClient
    ) throws {
        let order = try client.report(
            MemoryReport(
                memoryUsedBytes: reading.map { Double($0.used.bytes) },
                memoryLimitBytes: reading.map { Double($0.limit.bytes) }, memoryPressure: reading?.pressure,
                recycle: progress),
            of: server)
        hook.delivered(progress)
        if let order { hook.take(order) }
    }

    private var service: ServiceMemory.Service {
        if let unit { return .unit(unit) }
        if let cgroup { return .group(cgroup) }
        return .process(pid ?? 0)
    }
}
