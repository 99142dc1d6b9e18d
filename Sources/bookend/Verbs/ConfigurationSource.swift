import ArgumentParser
import BookendConfig
import Foundation

/// Where a configuration comes from: a file, or flags for the smallest ones.
struct ConfigurationSource: ParsableArguments {
    static let usualFile = "bookend.yaml"

    @Argument(help: "A configuration file (default: \(usualFile)), or servers as NAME=ADDRESS with --listen.")
    var fileOrServers: [String] = []

    @Option(help: "The address to listen on, with servers in place of a file.")
    var listen: String?

    @Option(help: ArgumentHelp("A server that serves when the others cannot.", valueName: "NAME=ADDRESS"))
    var backup: [String] = []

    @Option(
        help: ArgumentHelp("The path that servers are probed with, with servers in place of a file.", valueName: "PATH")
    )
    var health: String?

    func validate() throws {
        if listen == nil, !backup.isEmpty || health != nil || fileOrServers.contains(where: { $0.contains("=") }) {
            throw ValidationError("servers on the command line need --listen ADDRESS")
        }
        if listen == nil, fileOrServers.count > 1 {
            throw ValidationError("one configuration file at a time")
        }
    }

    /// The configuration, or all that is wrong with it, printed.
    func checked(printingWarnings: Bool) throws -> Configuration {
        let (configuration, diagnostics) = read()
        let shown = diagnostics.filter { printingWarnings || $0.severity == .error }
        FileHandle.standardError.write(Data(shown.rendered(color: isatty(STDERR_FILENO) == 1).utf8))
        guard let configuration else { throw ExitCode.refused }
        return configuration
    }

    func read() -> Configuration.Outcome {
        let isRoot = geteuid() == 0
        if let listen {
            return Configuration.fromFlags(
                Configuration.Flags(listen: listen, servers: fileOrServers, backups: backup, health: health),
                isRoot: isRoot)
        }
        do throws(Diagnostics) {
            let read = try Configuration.read(
                path: fileOrServers.first ?? Self.usualFile, environment: ProcessInfo.processInfo.environment,
                isRoot: isRoot)
            return (read.configuration, read.warnings)
        } catch {
            return (nil, error.all)
        }
    }
}
