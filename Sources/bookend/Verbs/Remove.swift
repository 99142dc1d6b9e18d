import ArgumentParser
import BookendControl
import BookendCore
import Foundation

struct Remove: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Remove a server from the running Bookend, when its requests have ended.",
        discussion: """
            It is drained first: refused, with the figures, when the other servers could not carry the present load. Take it \
            out of the file too.

            Exit codes: 0 on its way, with --wait gone; 1 refused, or with --wait it came back before; 2 wrong usage; \
            3 Bookend cannot be reached.
            """)

    @Argument(help: ArgumentHelp("The server, as Bookend's configuration calls it, or POOL/NAME.", valueName: "SERVER"))
    var server: String

    @Flag(help: "Also when the others may not carry the load; needs --why.")
    var force = false

    @Option(help: ArgumentHelp("What for; whoever looks at night reads it.", valueName: "TEXT"))
    var why: String?

    @OptionGroup var running: RunningBookend

    @Flag(help: "Wait until it is gone.")
    var wait = false

    @Flag(help: "Print what became of it as JSON.")
    var json = false

    /// From one look to the next, while waiting: in microseconds.
    private static let pause: useconds_t = 200_000

    func validate() throws {
        if force, why == nil { throw ValidationError("--force needs --why TEXT: it is an alarm by itself.") }
        if let why { try LeaseVerb.check(why: why) }
    }

    func run() throws {
        let order = RemovalOrder(why: why, by: LeaseVerb.owner, force: force)
        let (report, document) = try running.ask {
            try $0.remove(server, order)
        } refusedFor: { refusal in
            if json { print(String(decoding: refusal.json, as: UTF8.self)) }
            let figures = refusal.guard.map { ChangeScreen.notRemoved(server, $0) }
            return "\(refusal)" + (figures.map { "\n" + $0 } ?? "")
        }
        print(json ? String(decoding: document, as: UTF8.self) : ChangeScreen.removed(report))
        guard wait, !report.removed else { return }
        try waitUntilGone(report)
    }

    /// Gone, or back in rotation.
    private func waitUntilGone(_ report: RemovalReport) throws {
        let name = "\(report.pool)/\(report.server)"
        while true {
            usleep(Self.pause)
            let lease: LeaseReport
            do {
                lease = try running.client().lease(of: name).lease
            } catch let error as AdminClient.Refused {
                // Nobody has that name any more.
                guard error.status == 404 else { throw error }
                print("\(report.server) is gone")
                return
            } catch let error as AdminClient.Unreachable {
                say("\(error)")
                throw ExitCode.unreachable
            }
            guard lease.isOver else { continue }
            say("\(report.server) stays: \(lease.ending ?? "it is in rotation")")
            throw ExitCode.refused
        }
    }
}
