public import BookendCore
import BookendLoop
import CLinux
import Glibc

/// Runs a clean-up hook to its end, in a process group of its own: for the small process beside the supervisor, and for an
/// agent. It blocks, so that neither Bookend nor an agent's reports ever wait for a hook.
public enum HookRun {
    /// From SIGTERM to SIGKILL.
    private static let manners = TimeSpan.seconds(5)
    /// From one look at it to the next, in milliseconds.
    private static let pace: Int32 = 20

    /// - Parameters:
    ///   - command: a program, looked for in `PATH`, and its arguments; no shell.
    ///   - environment: `NAME=VALUE`, beside this process's own.
    public static func run(_ command: [String], environment: [String], limit: TimeSpan) -> HookResult {
        var ends: [Int32] = [-1, -1]
        guard !command.isEmpty, clinux_pipe(&ends) == 0 else {
            return HookResult(.notStarted("no pipe: \(Errno.last)"), output: "")
        }
        let reading = FileDescriptor(owning: ends[0])
        let process: pid_t
        do {
            let writing = FileDescriptor(owning: ends[1])
            let nothing = FileDescriptor(owning: open("/dev/null", O_RDONLY | O_CLOEXEC))
            do throws(Errno) {
                process = try CommandRun.spawn(command, adding: environment, input: nothing.raw, output: writing.raw)
            } catch {
                return HookResult(.notStarted("\(command.first ?? ""): \(error)"), output: "")
            }
        }
        _ = clinux_fcntl(reading.raw, F_SETFL, O_NONBLOCK)
        return watch(process, reading, limit)
    }

    /// The end of a text in so many bytes.
    public static func tail(of output: String, longest: Int) -> String {
        HookOutput.printable(output, longest: longest)
    }

    private static func watch(_ process: pid_t, _ output: borrowing FileDescriptor, _ limit: TimeSpan) -> HookResult {
        let kernel = Kernel()
        var tail = HookOutput()
        var deadline = kernel.now() + limit
        var isLate = false
        var status: Int32 = 0
        // What it leaves behind on purpose, the server for instance, may hold the pipe for ever: the process's own end counts.
        while waitpid(process, &status, WNOHANG) == 0 {
            if kernel.now() >= deadline {
                // All that it started, too.
                kill(-process, isLate ? SIGKILL : SIGTERM)
                isLate = true
                deadline = kernel.now() + manners
            }
            wait(for: output)
            drain(output, into: &tail)
        }
        // Those of the group that did not heed SIGTERM.
        if isLate { kill(-process, SIGKILL) }
        drain(output, into: &tail)
        if isLate { return HookResult(.timedOut, output: tail.text) }
        let ending: HookResult.Ending =
            clinux_signaled(status) != 0 ? .signal(clinux_term_signal(status)) : .code(clinux_exit_code(status))
        return HookResult(ending, output: tail.text)
    }

    /// Until it has written something, and for a moment at most.
    private static func wait(for output: borrowing FileDescriptor) {
        var poll = pollfd(fd: output.raw, events: Int16(POLLIN), revents: 0)
        let isReadable = Glibc.poll(&poll, 1, pace) > 0 && poll.revents & Int16(POLLIN) != 0
        // A pipe that it has closed is always ready.
        if !isReadable { usleep(useconds_t(pace) * 1_000) }
    }

    private static func drain(_ output: borrowing FileDescriptor, into tail: inout HookOutput) {
        var chunk = [UInt8](repeating: 0, count: 16_384)
        // No more at a time than a pipe holds: a hook that writes without end is still looked at.
        for _ in 0..<4 {
            let count = read(output.raw, &chunk, chunk.count)
            guard count > 0 else { return }
            tail.append(chunk[0..<count])
        }
    }
}
