import ArgumentParser
import BookendLab

/// The first steps of a server with a memory limit; not for people.
struct LimitedCommand: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "limited", shouldDisplay: false)

    @Option var parent: Int32
    @Option var signal: Int32
    @Option var membersFile: String?
    @Option var dataLimit: UInt64?
    @Argument(parsing: .postTerminator) var command: [String] = []

    func run() throws {
        do throws(LimitedStart.Failure) {
            try LimitedStart(
                membersFile: membersFile, dataLimit: dataLimit, parent: parent, signalAtItsEnd: signal, command: command
            ).run()
        } catch {
            say("\(error)")
            throw ExitCode.refused
        }
    }
}
