import ArgumentParser
import BookendControl
import Foundation

@main
struct Bookend: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bookend",
        abstract: "A load balancer for small fleets with nobody watching at night.",
        discussion: """
            Try it:  bookend demo
            Run it:  bookend run --listen 127.0.0.1:8080 web-01=127.0.0.1:9001 web-02=127.0.0.1:9002
            """,
        version: Version.current,
        subcommands: [
            Run.self, Check.self, Status.self, Timeline.self, Drain.self, Extend.self, Restore.self, Leases.self,
            Recycle.self, Reload.self, Add.self, Remove.self, Weight.self, Alert.self, Agent.self, Load.self, Demo.self,
            WorkerCommand.self, HookCommand.self, LimitedCommand.self, SweepCommand.self,
        ]
    )

    static func main() {
        do {
            var command = try parseAsRoot()
            try command.run()
        } catch {
            // Wrong usage is 2, as in most tools, where the library has 64 (EX_USAGE).
            guard exitCode(for: error) == .validationFailure else { exit(withError: error) }
            FileHandle.standardError.write(Data((fullMessage(for: error) + "\n").utf8))
            Glibc.exit(ExitCode.wrongUsage.rawValue)
        }
    }
}
