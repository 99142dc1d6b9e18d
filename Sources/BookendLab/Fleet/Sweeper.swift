public import BookendLoop
import CLinux
import Glibc

/// A small process that removes a run's remains when the run's process ends, in whatever way: after `kill -9` nobody else
/// could. It learns of the end by the pipe between them, which the kernel closes.
public final class Sweeper {
    /// How long `finish` waits: removing ends processes, which takes a moment.
    private static let attempts = 500
    private static let pause: useconds_t = 10_000

    private let id: pid_t
    private var pipe: FileDescriptor?

    /// - Parameter program: a `bookend`, for its verb `sweep`.
    public init(_ remains: Remains, program: String) throws(Errno) {
        var ends: [Int32] = [-1, -1]
        guard clinux_pipe(&ends) == 0 else { throw .last }
        let reading = FileDescriptor(owning: ends[0])
        pipe = FileDescriptor(owning: ends[1])
        var arguments = ["bookend", "sweep", "--folder", remains.folder]
        if let group = remains.group { arguments += ["--group", group] }
        id = try LimitedProcess.spawn(program, arguments, input: reading.raw, output: nil)
    }

    /// Lets it sweep now, and waits for it.
    public func finish() {
        pipe = nil
        for _ in 0..<Self.attempts {
            var status: Int32 = 0
            if waitpid(id, &status, WNOHANG) != 0 { return }
            usleep(Self.pause)
        }
    }

    /// What the process does.
    public static func run(_ remains: Remains) {
        // Whoever ends the run by a signal to all its processes must not end this one.
        for ending in [SIGHUP, SIGINT, SIGQUIT, SIGTERM] { signal(ending, SIG_IGN) }
        var byte: UInt8 = 0
        while true {
            let count = read(STDIN_FILENO, &byte, 1)
            if count == 0 || count < 0 && errno != EINTR { break }
        }
        remains.remove()
    }
}
