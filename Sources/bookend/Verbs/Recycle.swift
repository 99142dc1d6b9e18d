import ArgumentParser
import BookendControl
import BookendCore

struct Recycle: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Clean a server up, or all of a pool one after the other.",
        discussion: """
            The server is drained, its clean-up hook is run (`recycle` in the configuration), and it comes back when it \
            answers its checks. Never two in a pool at a time, and never one that the others could not spare: then it waits.

              bookend recycle web-02 --why 'new certificates' --wait
              bookend recycle bookty

            Exit codes: 0 taken, and with --wait done; 1 refused, or with --wait it went wrong; 2 wrong usage; 3 Bookend \
            cannot be reached.
            """)

    @Argument(help: ArgumentHelp("A server, POOL/SERVER or a pool.", valueName: "SERVER|POOL"))
    var target: String

    @OptionGroup var running: RunningBookend

    @Option(help: ArgumentHelp("What for; whoever looks at night reads it.", valueName: "TEXT"))
    var why = "clean-up"

    @Flag(help: "Call it off instead; one whose hook has begun goes on. Of one that went wrong the alarm ends.")
    var cancel = false

    @Flag(help: "Wait until all are back.")
    var wait = false

    @Flag(help: "Print them as JSON.")
    var json = false

    func validate() throws {
        try LeaseVerb.check(why: why)
        if cancel, wait { throw ValidationError("--cancel and --wait do not go together.") }
    }

    func run() throws {
        let place = try running.ask { try resolved($0) }
        let order = RecycleOrder(why: cancel ? nil : why, by: LeaseVerb.owner)
        let (recycles, document) = try running.ask(
            { try $0.change(cancel ? .callOff : .begin, recycleOf: place, order) },
            refusedFor: { refusal in
                if json { print(String(decoding: refusal.json, as: UTF8.self)) }
                return "\(refusal)"
            })
        if json, !wait { return print(String(decoding: document, as: UTF8.self)) }
        if !json { print(cancel ? RecycleScreen.calledOff(recycles) : RecycleScreen.begun(recycles, target)) }
        if wait { try wait(for: recycles) }
    }

    /// A server's name counts more than a pool's.
    private func resolved(_ client: AdminClient) throws -> AdminClient.RecycleTarget {
        let pools = try client.status().report.pools
        let isServer = pools.contains { pool in
            pool.servers.contains { $0.name == target || "\(pool.name)/\($0.name)" == target }
        }
        return !isServer && pools.contains { $0.name == target } ? .pool(target) : .server(target)
    }

    /// Until each is over, or does not come back.
    private func wait(for recycles: [RecycleReport]) throws {
        var documents: [String] = []
        var wentWell = true
        for recycle in recycles {
            let (last, document) = try running.watch(
                { try $0.recycles(of: .server("\(recycle.pool)/\(recycle.server)")) },
                until: { $0.recycles.first.map { $0.isOver || $0.phase == "overdue" } ?? true })
            documents.append(String(decoding: document, as: UTF8.self))
            if last.first?.outcome != "done" { wentWell = false }
            if !json, let end = last.first { print(RecycleScreen.ended(end)) }
        }
        if json { print(documents.count == 1 ? documents[0] : "[" + documents.joined(separator: ",") + "]") }
        if !wentWell { throw ExitCode.refused }
    }
}
