import ArgumentParser
import BookendControl

struct Drain: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Take a server out of rotation for a while.",
        discussion: """
            Nothing new goes there, and what is in flight finishes. At the end of its time it is checked and comes back by \
            itself. Refused, with the figures, when the other servers could not carry the present load.

              bookend drain web-02 --for 30m --why 'kernel update'

            Exit codes: 0 taken, and with --wait nothing is in flight there any more; 1 refused, or back before it was out; \
            2 wrong usage; 3 Bookend cannot be reached.
            """)

    @OptionGroup var lease: LeaseVerb

    @Option(
        name: .customLong("for"),
        help: ArgumentHelp("How long, such as 30m or 2h; 24h at most (default: 30m).", valueName: "TIME"))
    var length: String?

    @Option(help: ArgumentHelp("What for; whoever looks at night reads it.", valueName: "TEXT"))
    var why: String

    @Flag(help: "Also when the others may not carry the load. An alarm is open while it lasts.")
    var force = false

    @Flag(help: "Do not call it back early, whatever happens to the others.")
    var noRecall = false

    @Flag(help: "Wait until nothing is in flight there any more.")
    var wait = false

    func validate() throws {
        try LeaseVerb.check(length)
        try LeaseVerb.check(why: why)
    }

    func run() throws {
        let order = LeaseOrder(for: length, why: why, by: LeaseVerb.owner, force: force, recall: !noRecall)
        try lease.change(.take, order, isAll: !wait, thenPrint: LeaseScreen.taken)
        guard wait else { return }
        let end = try lease.wait { $0.state != "asked" && $0.state != "draining" }
        if end.state != "out" { throw ExitCode.refused }
    }
}
