import ArgumentParser
import BooktyApp
import Foundation

struct Serve: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Serves the platform until it gets SIGTERM or SIGINT.",
        discussion: """
            Several instances may share one data file. An empty file is filled with the catalogue.
            """)

    @Option(help: "Address and port to listen on; port 0 lets the system choose.")
    var bind: BindAddress = BindAddress(host: "127.0.0.1", port: 9001)

    @Option(help: "Name of this server, sent as Server-Name and shown on every page.")
    var name = "bookty"

    @Option(help: "The database file.")
    var data = "bookty.sqlite"

    @Option(help: "What to log to the error stream: off or requests.")
    var log: LogMode = .off

    @Flag(help: "Tell on every answer how full the server's memory is (endpoint-load-metrics).")
    var reportLoad = false

    @Option(
        help: """
            Be broken on purpose: slow:10 (times), errors, errors:healthy (the health paths stay well), \
            pauses:300ms:5s or leak:1MiB (a second). SIGUSR1 turns it on, SIGUSR2 off.
            """)
    var fault: Fault?

    @Flag(help: "Begin well; the fault begins with SIGUSR1.")
    var faultOff = false

    func validate() throws {
        if faultOff, fault == nil { throw ValidationError("--fault-off says when --fault begins: give that too.") }
        let isPlain = name.utf8.allSatisfy { (0x21...0x7e).contains($0) }
        guard isPlain, (1...64).contains(name.utf8.count) else {
            throw ValidationError("--name takes 1 to 64 printable ASCII characters without spaces.")
        }
    }

    func run() async throws {
        // A client that hangs up while it is being answered must not end the server.
        signal(SIGPIPE, SIG_IGN)
        try await reportingFailures {
            let faults = fault.map { FaultSwitch($0, isOn: !faultOff) }
            let signals = faults.map { [turn($0, on: true, at: SIGUSR1), turn($0, on: false, at: SIGUSR2)] }
            let leak = faults.flatMap { Leak.begin($0) }
            let settings = Settings(
                host: bind.host, port: bind.port, name: name, dataPath: data, log: log, reportsLoad: reportLoad,
                faults: faults)
            try await settings.serve()
            withExtendedLifetime((signals, leak)) {}
        }
    }
}

/// Turns the fault on or off whenever the signal comes, as long as the source lives.
private func turn(_ faults: FaultSwitch, on: Bool, at number: Int32) -> any DispatchSourceSignal {
    signal(number, SIG_IGN)
    let source = DispatchSource.makeSignalSource(signal: number)
    source.setEventHandler { faults.turn(on: on) }
    source.activate()
    return source
}

extension LogMode: ExpressibleByArgument {}

extension Fault: ExpressibleByArgument {
    public init?(argument: String) { self.init(argument) }
}
