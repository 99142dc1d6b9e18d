import ArgumentParser
import BookendConfig
import BookendControl
import Foundation

struct Status: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Show the servers, what they carry and how they fare.")

    @OptionGroup var running: RunningBookend

    @Flag(help: "Print the report as JSON.")
    var json = false

    func run() throws {
        let (report, document) = try running.ask { try $0.status() }
        if json {
            print(String(decoding: document, as: UTF8.self))
        } else {
            print(StatusScreen(report).text, terminator: "")
        }
    }
}
