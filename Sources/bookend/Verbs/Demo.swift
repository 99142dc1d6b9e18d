import ArgumentParser
import BookendCore
import BookendLab
import Foundation

struct Demo: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Run Bookty on three servers with memory limits, Bookend in front, and traffic.",
        discussion: "Everything that it starts ends with it: on Ctrl-C, on an error, and when it is killed."
    )

    @Option(help: "The address on which Bookend listens.")
    var listen = "127.0.0.1:8080"

    @Option(help: "Memory of each server, in MiB.")
    var memory = 256

    @Option(help: "Requests per second of the steady traffic; 0 for none.")
    var rate = 50

    @Option(help: ArgumentHelp("The book platform's program.", valueName: "PATH"))
    var bookty: String?

    func validate() throws {
        guard (32...65_536).contains(memory) else { throw ValidationError("--memory is 32 to 65536 MiB") }
        guard (0...5_000).contains(rate) else { throw ValidationError("--rate is 0 to 5000 requests per second") }
    }

    func run() throws {
        do throws(DemoFailure) {
            let demo = try DemoRun(
                listen: listen, memory: .mebibytes(memory), rate: rate, bookty: try booktyPath())
            defer { demo.cleanUp() }
            try demo.start()
            demo.watch()
        } catch {
            say("\(error)")
            throw ExitCode.refused
        }
    }

    private func booktyPath() throws(DemoFailure) -> String {
        let beside = Bundle.main.executableURL?.deletingLastPathComponent().appending(path: "bookty").path
        let places = bookty.map { [$0] } ?? ["Bookty/.build/release/bookty"] + (beside.map { [$0] } ?? [])
        guard let path = places.first(where: { FileManager.default.isExecutableFile(atPath: $0) }) else {
            throw DemoFailure(
                "no program at \(places.joined(separator: " or ")): build it with `make bookty`, or name it with --bookty"
            )
        }
        return URL(filePath: path).path
    }
}

/// Why the demo cannot run, and how to mend it.
struct DemoFailure: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) {
        self.description = description
    }
}
