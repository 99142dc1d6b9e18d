import ArgumentParser
import BookendControl

struct Extend: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Let a server stay out longer.",
        discussion: "Counted from the end of its lease. A lease lasts 24h at most, extensions included.")

    @OptionGroup var lease: LeaseVerb

    @Option(
        name: .customLong("for"), help: ArgumentHelp("How much longer, such as 10m.", valueName: "TIME"))
    var length: String

    @Option(help: ArgumentHelp("What for: a new decision has a reason of its own.", valueName: "TEXT"))
    var why: String

    func validate() throws {
        try LeaseVerb.check(length)
        try LeaseVerb.check(why: why)
    }

    func run() throws {
        let order = LeaseOrder(for: length, why: why, by: LeaseVerb.owner, force: nil, recall: nil)
        try lease.change(.extend, order, isAll: true, thenPrint: LeaseScreen.extended)
    }
}
