import BookendCore
import BookendLoop
import CLinux
import Glibc

/// One run of a program that the configuration names: without a shell, with some bytes as its standard input, for a bounded
/// time. Blocks: for a thread that may.
struct CommandRun {
    enum Ending: Equatable {
        /// With the status of waitpid(2).
        case ended(Int32)
        /// It was killed, with everything it had started.
        case tooLong
        case notStarted(Errno)
    }

    let ending: Ending
    /// The beginning of what it wrote to standard output and error.
    let output: [UInt8]

    private static let keptOutput = 4_096
    /// From one look at it to the next, in microseconds.
    private static let pause: useconds_t = 10_000
    /// What concerns only processes that a service manager talks to (sd_notify(3), sd_listen_fds(3)).
    private static let withheld = ["NOTIFY_SOCKET=", "WATCHDOG_", "LISTEN_"]

    /// - Parameter words: the program's path and its arguments.
    init(_ words: [String], input: [UInt8], within limit: TimeSpan) {
        let kernel = Kernel()
        let deadline = kernel.now() + limit
        var pipe: [Int32] = [-1, -1]
        let file = clinux_memory_file("bookend-input")
        guard file >= 0, clinux_pipe(&pipe) == 0 else {
            ending = .notStarted(.last)
            output = []
            if file >= 0 { close(file) }
            return
        }
        let inputFile = FileDescriptor(owning: file)
        let reading = FileDescriptor(owning: pipe[0])
        let writing = FileDescriptor(owning: pipe[1])
        guard inputFile.writeAll(input), lseek(inputFile.raw, 0, SEEK_SET) == 0 else {
            ending = .notStarted(.last)
            output = []
            return
        }
        _ = clinux_fcntl(reading.raw, F_SETFL, O_NONBLOCK)
        var kept: [UInt8] = []
        do throws(Errno) {
            let id = try Self.spawn(words, adding: [], input: inputFile.raw, output: writing.raw)
            var status: Int32 = 0
            var isOver = false
            while !isOver, kernel.now() < deadline {
                usleep(Self.pause)
                Self.drain(reading.raw, into: &kept)
                isOver = waitpid(id, &status, WNOHANG) == id
            }
            if !isOver {
                kill(-id, SIGKILL)
                waitpid(id, &status, 0)
            }
            ending = isOver ? .ended(status) : .tooLong
        } catch {
            ending = .notStarted(error)
        }
        Self.drain(reading.raw, into: &kept)
        output = kept
    }
}

extension CommandRun {
    /// What there is now. What is not kept is read all the same: a program whose pipe is full waits.
    private static func drain(_ descriptor: Int32, into kept: inout [UInt8]) {
        var chunk = [UInt8](repeating: 0, count: 16_384)
        for _ in 0..<64 {
            let count = read(descriptor, &chunk, chunk.count)
            guard count > 0 else { return }
            kept += chunk[0..<min(count, max(0, keptOutput - kept.count))]
        }
    }

    /// It gets no descriptor of Bookend's but the standard three: this process holds the listening sockets.
    ///
    /// - Parameter additions: `NAME=value`, in place of this process's own of that name.
    static func spawn(
        _ words: [String], adding additions: [String], input: Int32, output: Int32
    ) throws(Errno) -> pid_t {
        try NewProcess.spawn(words[0], words, environment: environment(adding: additions)) { actions in
            posix_spawn_file_actions_adddup2(&actions, input, STDIN_FILENO)
            posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO)
            posix_spawn_file_actions_adddup2(&actions, output, STDERR_FILENO)
            _ = clinux_spawn_closing_from(&actions, STDERR_FILENO + 1)
        }
    }

    private static func environment(adding additions: [String]) -> [String] {
        let left = withheld + additions.map { $0.prefix { $0 != "=" } + "=" }
        let all = sequence(first: environ) { $0 + 1 }.lazy.map(\.pointee).prefix { $0 != nil }
        return additions
            + all.compactMap { $0.map { String(cString: $0) } }
            .filter { entry in !left.contains { entry.hasPrefix($0) } }
    }
}
