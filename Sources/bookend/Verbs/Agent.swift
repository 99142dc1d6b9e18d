import ArgumentParser
import BookendControl
import BookendCore
import BookendLab
import BookendLoop
import Foundation

struct Agent: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Report a server's memory to Bookend, four times a second.",
        discussion: "Runs until it is stopped, through restarts of Bookend and of the service.")

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

    /// From one report to the next, in microseconds.
    private static let pause: useconds_t = 250_000

    func validate() throws {
        guard [unit != nil, cgroup != nil, pid != nil].count(where: { $0 }) == 1 else {
            throw ValidationError("Say which service it is: one of --unit, --cgroup and --pid.")
        }
        do throws(AdminAddress.Problem) { _ = try AdminAddress(to) } catch { throw ValidationError("\(error)") }
    }

    func run() throws {
        let memory = ServiceMemory(service)
        let bookend = try AdminAddress(to)
        /// Resolved, so that the resolver is not asked four times a second.
        var place: AdminAddress?
        var trouble: String?
        while true {
            var now: String?
            do {
                place = try place ?? bookend.pinned()
                // The token is read each time: a new one needs no restart.
                if let place { now = try report(memory, AdminClient(at: place, token: try access.token())) }
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
    private func report(_ memory: ServiceMemory, _ client: AdminClient) throws -> String? {
        guard let reading = memory.read() else { return "the service is not there, or its memory cannot be read" }
        try client.report(
            MemoryReport(
                memoryUsedBytes: Double(reading.used.bytes), memoryLimitBytes: Double(reading.limit.bytes),
                memoryPressure: reading.pressure),
            of: server)
        return nil
    }

    private var service: ServiceMemory.Service {
        if let unit { return .unit(unit) }
        if let cgroup { return .group(cgroup) }
        return .process(pid ?? 0)
    }
}
