import ArgumentParser
import BookendControl
import Foundation

struct Add: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Add a server to a pool of the running Bookend.",
        discussion: """
            It is probed first, and then gets few requests at a time and more and more. It is kept over reloads and restarts; \
            write it into the file all the same, as that is where people look.

              bookend add bookty/web-03 127.0.0.1:9003
            """)

    @Argument(help: ArgumentHelp("The pool and the server's name.", valueName: "POOL/NAME"))
    var name: String

    @Argument(help: ArgumentHelp("Where it answers, HOST:PORT.", valueName: "ADDRESS"))
    var address: String

    @Flag(help: "It serves only what the others cannot.")
    var backup = false

    @Option(help: ArgumentHelp("Its share of the load, 1 to 256 (default: 1).", valueName: "N"))
    var weight: Int?

    @OptionGroup var running: RunningBookend

    @Flag(help: "Print what has changed as JSON.")
    var json = false

    func validate() throws {
        guard parts.count == 2 else { throw ValidationError("'\(name)' is not POOL/NAME, such as bookty/web-03.") }
    }

    private var parts: [String] { name.split(separator: "/").map { String($0) } }

    func run() throws {
        let order = ServerOrder(
            pool: parts[0], name: parts[1], address: address, backup: backup, weight: weight, by: LeaseVerb.owner)
        let (report, document) = try running.ask { try $0.add(order) }
        print(json ? String(decoding: document, as: UTF8.self) : ChangeScreen.added(parts[1], report))
    }
}
