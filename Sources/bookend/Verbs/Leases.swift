import ArgumentParser
import BookendControl
import Foundation

struct Leases: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Show which servers are taken out: by whom, what for and until when.")

    @OptionGroup var running: RunningBookend

    @Flag(help: "Print them as JSON.")
    var json = false

    func run() throws {
        let (leases, document) = try running.ask { try $0.leases() }
        if json { return print(String(decoding: document, as: UTF8.self)) }
        if leases.isEmpty { return print("no server is taken out") }
        print(LeaseScreen.table(leases).joined(separator: "\n"))
    }
}
