import ArgumentParser
import BookendControl

struct Restore: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Put a server back that was taken out.",
        discussion: """
            It is checked first: after two good probes it is back, with few requests at a time and then more and more.

            Exit codes: 0 on its way, with --wait back; 1 nobody has taken it out, or with --wait it does not answer its \
            checks; 2 wrong usage; 3 Bookend cannot be reached.
            """)

    @OptionGroup var lease: LeaseVerb

    @Flag(help: "Wait until it has its whole share again.")
    var wait = false

    func run() throws {
        let order = LeaseOrder(for: nil, why: nil, by: LeaseVerb.owner, force: nil, recall: nil)
        try lease.change(.restore, order, isAll: !wait, thenPrint: LeaseScreen.restored)
        guard wait else { return }
        let end = try lease.wait { $0.state == "back" || $0.state == "overdue" }
        if end.state == "overdue" { throw ExitCode.refused }
    }
}
