import ArgumentParser
import BookendLab

/// Removes what a demo or a rehearsal leaves behind when it ends, in whatever way; not for people.
struct SweepCommand: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "sweep", shouldDisplay: false)

    @Option var folder: String
    @Option var group: String?

    func run() {
        Sweeper.run(Remains(folder: folder, group: group))
    }
}
