import ArgumentParser
import BookendControl

/// What the supervisor starts; not for people.
struct WorkerCommand: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "worker", shouldDisplay: false)

    @Argument var workers: Int
    @Argument var supervisor: Int32

    func run() throws {
        do {
            try WorkerProcess.run(workers: workers, supervisor: supervisor) { say($0) }
        } catch {
            say("\(error)")
            throw ExitCode.refused
        }
    }
}
