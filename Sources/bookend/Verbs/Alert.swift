import ArgumentParser
import BookendControl
import Foundation

/// What concerns those who are told when something goes wrong.
struct Alert: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Try out who is told when something goes wrong.", subcommands: [AlertTest.self])
}

struct AlertTest: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "test",
        abstract: "Send an alert that says it is a test, and show what came back.",
        discussion: """
            The running Bookend sends it, by the way an alarm would take: one try, beside what waits. Exit code 0 when every \
            target took it, 1 when one did not.
            """)

    @Argument(help: ArgumentHelp("The target, as `bookend status` calls it (default: all).", valueName: "NAME"))
    var target: String?

    @OptionGroup var running: RunningBookend

    @Flag(help: "Print the targets as JSON.")
    var json = false

    /// From one look to the next, in microseconds.
    private static let pause: useconds_t = 50_000
    /// A target has a minute at most for a try, and one may be under way before it; a name may have to be resolved.
    private static let patience = 150.0

    func run() throws {
        let (test, _) = try running.ask { try $0.testAlerts(AlertTestOrder(target: target)) }
        let limit = Date(timeIntervalSinceNow: Self.patience)
        while true {
            usleep(Self.pause)
            let (all, document) = try running.ask { try $0.alertTargets() }
            let tested = all.filter { test.targets.contains($0.name) }
            let isOver = tested.allSatisfy { $0.test?.id == test.id }
            guard isOver || Date() > limit else { continue }
            print(json ? String(decoding: document, as: UTF8.self) : AlertScreen.tested(tested, test.id))
            guard isOver, tested.allSatisfy({ $0.test?.taken == true }) else { throw ExitCode.refused }
            return
        }
    }
}
