public import BookendCore
import CLinux

/// Runs a clean-up hook to its end: for the small process beside the supervisor, and for an agent. It blocks, so that neither
/// Bookend nor an agent's reports ever wait for a hook.
public enum HookRun {
    /// From SIGTERM to SIGKILL.
    private static let manners = TimeSpan.seconds(5)

    /// - Parameters:
    ///   - command: a program, looked for in `PATH`, and its arguments; no shell.
    ///   - environment: `NAME=VALUE`, beside this process's own.
    public static func run(_ command: [String], environment: [String], limit: TimeSpan) -> HookResult {
        var output = HookOutput()
        let run = CommandRun(words: command, environment: environment, input: [], limit: limit, manners: manners)
        let ending: HookResult.Ending =
            switch run.run({ output.append($0) }) {
            case .ended(let status) where clinux_signaled(status) != 0: .signal(clinux_term_signal(status))
            case .ended(let status): .code(clinux_exit_code(status))
            case .tooLong: .timedOut
            case .notStarted(let error): .notStarted("\(command.first ?? ""): \(error)")
            // Nobody can say that it went well.
            case .unknown: .silent
            }
        return HookResult(ending, output: output.text)
    }
}
