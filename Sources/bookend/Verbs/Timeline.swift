import ArgumentParser
import BookendConfig
import BookendControl
import BookendCore
import Foundation

struct Timeline: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Show what happened, and when.",
        discussion: """
            Asks the running Bookend; when none runs, reads the file in its state folder.

            bookend timeline                                    the last day
            bookend timeline --since 2h
            bookend timeline --since 2026-11-21T01:20:00Z --json
            """)

    @OptionGroup var running: RunningBookend

    @Option(help: ArgumentHelp("How far back: a length of time, or a time in UTC.", valueName: "TIME"))
    var since = "24h"

    @Option(help: ArgumentHelp("The state folder of a Bookend that does not run.", valueName: "FOLDER"))
    var state: String?

    @Flag(help: "Print the entries as JSON.")
    var json = false

    func validate() throws {
        guard WallTime(since) != nil || TimeSpan(written: since) != nil else {
            throw ValidationError("--since is a length of time (2h) or a time in UTC (2026-11-21T01:20:00Z)")
        }
    }

    func run() throws {
        let printer = TimelinePrinter(isJSON: json)
        let read = try source()
        var after: Int64 = 0
        while true {
            let page = try read(after)
            for entry in page.entries { printer.entry(entry) }
            guard page.more, let last = page.entries.last?.id else { break }
            after = last
        }
        printer.end()
    }

    /// Whoever has the journal: gives the page after an entry.
    private func source() throws -> (Int64) throws -> JournalPage {
        let client = try running.client()
        if state == nil {
            do {
                _ = try client.journal(since: "0s", after: 0)
                return { after in try running.ask { try $0.journal(since: since, after: after) } }
            } catch let error as AdminClient.Unreachable where running.state == nil {
                say("\(error); --state names the folder of one that does not run")
                throw ExitCode.unreachable
            } catch is AdminClient.Unreachable {
                // It does not run: its file is free.
            }
        }
        do {
            let file = try JournalFile(in: state ?? running.state ?? "")
            say("no Bookend answers; from \(file.path)")
            return { after in try file.page(since: since, after: after) }
        } catch {
            say("no Bookend answers, and there is no journal to read: \(error)")
            throw ExitCode.unreachable
        }
    }
}
