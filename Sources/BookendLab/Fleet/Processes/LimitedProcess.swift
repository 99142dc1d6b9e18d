import BookendCore
public import BookendLoop
import CLinux
import Glibc

/// A process that runs a program in a memory bound. Its standard input is empty; what it writes is kept in `output`.
public final class LimitedProcess {
    public let id: Int32
    public let output: OutputTail

    /// - Parameter shim: the `bookend` that takes the first steps (`LimitedStart`).
    public init(_ program: Program, in bound: MemoryBound, shim: String) throws(Errno) {
        var pipe: [Int32] = [-1, -1]
        guard clinux_pipe(&pipe) == 0 else { throw .last }
        let writing = FileDescriptor(owning: pipe[1])
        output = OutputTail(FileDescriptor(owning: pipe[0]))
        id = try Self.spawn(shim, Self.arguments(program, bound), input: nil, output: writing.raw)
    }

    /// How it ended; nil while it runs. Gives the ending once.
    public func ending() -> ProcessEnding? {
        var status: Int32 = 0
        guard waitpid(id, &status, WNOHANG) == id else { return nil }
        return ProcessEnding(status)
    }

    /// Only while it has not ended: its number may be another's afterwards.
    public func send(_ signal: Int32) {
        kill(id, signal)
    }

    private static func arguments(_ program: Program, _ bound: MemoryBound) -> [String] {
        var arguments = ["bookend", "limited", "--parent", "\(getpid())", "--signal", "\(program.signalAtOurEnd)"]
        switch bound {
        case .group(let group, _): arguments += ["--members-file", group.membersFile]
        case .resourceLimit(let limit?): arguments += ["--data-limit", "\(limit.bytes)"]
        case .resourceLimit(nil): break
        }
        return arguments + ["--", program.path] + program.arguments
    }

    /// - Parameters:
    ///   - input: its standard input; nil for an empty one.
    ///   - output: its standard output and error; nil to throw them away.
    static func spawn(
        _ path: String, _ arguments: [String], input: Int32?, output: Int32?
    ) throws(Errno) -> pid_t {
        try NewProcess.spawn(path, arguments, environment: nil) { actions in
            for (wanted, given, mode) in [(STDIN_FILENO, input, O_RDONLY), (STDOUT_FILENO, output, O_WRONLY)] {
                if let given {
                    posix_spawn_file_actions_adddup2(&actions, given, wanted)
                } else {
                    posix_spawn_file_actions_addopen(&actions, wanted, "/dev/null", mode, 0)
                }
            }
            posix_spawn_file_actions_adddup2(&actions, STDOUT_FILENO, STDERR_FILENO)
        }
    }
}
