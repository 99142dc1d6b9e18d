import ArgumentParser
import BookendControl

/// What the supervisor starts to run a clean-up hook; not for people.
struct HookCommand: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "hook", shouldDisplay: false)

    @Argument var order: String

    func run() {
        HookProcess.run(order)
    }
}
