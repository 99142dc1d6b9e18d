import ArgumentParser
import BookendCore
import Foundation

struct Demo: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Run Bookty on three servers with memory limits, Bookend in front, and traffic.",
        discussion: "Everything that it starts ends with it: on Ctrl-C, on an error, and when it is killed."
    )

    private static let memories: ClosedRange<ByteCount> = .mebibytes(48) ... .mebibytes(65_536)

    @Option(help: ArgumentHelp("The address on which Bookend listens; port 0 for any.", valueName: "ADDRESS"))
    var listen = "127.0.0.1:8080"

    @Option(help: ArgumentHelp("Memory of each server, such as 256MiB or 1GiB.", valueName: "SIZE"))
    var memory = MemorySize(bytes: .mebibytes(256))

    @Option(help: ArgumentHelp("Requests per second of the steady traffic; 0 for none.", valueName: "N"))
    var rate = 50

    @Option(help: ArgumentHelp("The program of the book platform.", valueName: "PATH"))
    var bookty: String?

    func validate() throws {
        guard Self.memories.contains(memory.bytes) else {
            throw ValidationError("--memory is \(Self.memories.lowerBound) to \(Self.memories.upperBound).")
        }
        guard (0...5_000).contains(rate) else { throw ValidationError("--rate is 0 to 5000 requests per second.") }
    }

    func run() throws {
        do throws(DemoFailure) {
            let settings = DemoSettings(
                listen: listen, memory: memory.bytes, rate: rate, bookty: try BooktyProgram.find(bookty))
            try DemoRun(settings).run()
        } catch {
            say("\(error)")
            throw ExitCode.refused
        }
    }
}

/// A size as the command line takes it.
struct MemorySize: ExpressibleByArgument {
    let bytes: ByteCount

    init(bytes: ByteCount) {
        self.bytes = bytes
    }

    /// `256MiB`, `1GiB`.
    init?(argument: String) {
        for (unit, size) in [("MiB", 1 << 20), ("GiB", 1 << 30)] where argument.hasSuffix(unit) {
            guard let number = Int(argument.dropLast(unit.count)), (1...65_536).contains(number) else { return nil }
            bytes = ByteCount(bytes: number * size)
            return
        }
        return nil
    }

    var defaultValueDescription: String { "\(bytes)" }
}
