import ArgumentParser
import BookendControl
import Foundation

struct Reload: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Take the configuration file into force, without a restart.",
        discussion: """
            Only what changed is touched: connections and tunnels of other listeners and pools live on. A file that cannot be \
            used changes nothing. SIGHUP does the same.

            Exit codes: 0 in force; 1 refused, and nothing has changed; 2 wrong usage; 3 Bookend cannot be reached.
            """)

    @OptionGroup var running: RunningBookend

    @Flag(help: "Print what has changed as JSON.")
    var json = false

    func run() throws {
        let (report, document) = try running.ask { try $0.reload() }
        print(json ? String(decoding: document, as: UTF8.self) : ChangeScreen.reloaded(report))
    }
}
