import ArgumentParser
import BookendControl
import Foundation

struct Weight: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Give a server of the running Bookend another weight.",
        discussion: "It is kept over reloads and restarts until the file says the same, or the server is in it no more."
    )

    @Argument(help: ArgumentHelp("The server, as Bookend's configuration calls it, or POOL/NAME.", valueName: "SERVER"))
    var server: String

    @Argument(help: ArgumentHelp("Its share of the load, 1 to 256.", valueName: "N"))
    var weight: Int

    @OptionGroup var running: RunningBookend

    @Flag(help: "Print what has changed as JSON.")
    var json = false

    func run() throws {
        let order = WeightOrder(weight: weight, by: LeaseVerb.owner)
        let (report, document) = try running.ask { try $0.weigh(server, order) }
        print(json ? String(decoding: document, as: UTF8.self) : ChangeScreen.changed(report))
    }
}
