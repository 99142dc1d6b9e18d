import BookendCore
import BookendLoop
import CLinux
import Glibc

/// One run of a program that the configuration names: without a shell, for a bounded time, in a process group of its own.
/// Blocks: for a thread or a process that may.
struct CommandRun {
    enum Ending: Equatable {
        /// With the status of waitpid(2).
        case ended(Int32)
        /// It was ended, with everything it had started.
        case tooLong
        case notStarted(Errno)
        /// Somebody else was told how it ended.
        case unknown
    }

    /// The program, by its path or looked for in `PATH`, and its arguments.
    let words: [String]
    /// `NAME=value`, in place of this process's own of that name.
    let environment: [String]
    /// All that it can read.
    let input: [UInt8]
    let limit: TimeSpan
    /// When it takes too long: from SIGTERM to SIGKILL. Nil: it gets no SIGTERM.
    let manners: TimeSpan?

    /// From one look at it to the next, in milliseconds.
    private static let pace: Int32 = 20
    /// What concerns only processes that a service manager talks to (sd_notify(3), sd_listen_fds(3)).
    private static let withheld = ["NOTIFY_SOCKET=", "WATCHDOG_", "LISTEN_"]

    /// - Parameter hear: gets all that it writes to standard output and error, piece by piece.
    func run(_ hear: (ArraySlice<UInt8>) -> Void) -> Ending {
        var ends: [Int32] = [-1, -1]
        guard clinux_pipe(&ends) == 0 else { return .notStarted(.last) }
        let reading = FileDescriptor(owning: ends[0])
        _ = clinux_fcntl(reading.raw, F_SETFL, O_NONBLOCK)
        do throws(Errno) {
            let process = try start(writingTo: FileDescriptor(owning: ends[1]))
            return watch(process, reading, hear)
        } catch {
            return .notStarted(error)
        }
    }

    /// It gets no descriptor of Bookend's but the standard three: this process may hold the listening sockets.
    private func start(writingTo output: consuming FileDescriptor) throws(Errno) -> pid_t {
        guard let program = words.first else { throw Errno(EINVAL) }
        let input = try inputFile()
        let (reading, writing) = (input.raw, output.raw)
        return try NewProcess.spawn(program, words, environment: allVariables) { actions in
            posix_spawn_file_actions_adddup2(&actions, reading, STDIN_FILENO)
            posix_spawn_file_actions_adddup2(&actions, writing, STDOUT_FILENO)
            posix_spawn_file_actions_adddup2(&actions, writing, STDERR_FILENO)
            _ = clinux_spawn_closing_from(&actions, STDERR_FILENO + 1)
        }
    }

    private func inputFile() throws(Errno) -> FileDescriptor {
        let raw = input.isEmpty ? open("/dev/null", O_RDONLY | O_CLOEXEC) : clinux_memory_file("bookend-input")
        guard raw >= 0 else { throw .last }
        let file = FileDescriptor(owning: raw)
        guard input.isEmpty || file.writeAll(input) && lseek(file.raw, 0, SEEK_SET) == 0 else { throw .last }
        return file
    }

    private var allVariables: [String] {
        let left = Self.withheld + environment.map { $0.prefix { $0 != "=" } + "=" }
        let all = sequence(first: environ) { $0 + 1 }.lazy.map(\.pointee).prefix { $0 != nil }
        return environment
            + all.compactMap { $0.map { String(cString: $0) } }
            .filter { entry in !left.contains { entry.hasPrefix($0) } }
    }

    private func watch(
        _ process: pid_t, _ output: borrowing FileDescriptor, _ hear: (ArraySlice<UInt8>) -> Void
    ) -> Ending {
        let kernel = Kernel()
        var deadline = kernel.now() + limit
        var isLate = false
        var status: Int32 = 0
        var ended: pid_t = 0
        // What it leaves behind on purpose, a server for instance, may hold the pipe for ever: the process's own end counts.
        while ended == 0 {
            if kernel.now() >= deadline {
                // All that it started, too.
                kill(-process, isLate || manners == nil ? SIGKILL : SIGTERM)
                isLate = true
                deadline = kernel.now() + (manners ?? .zero)
            }
            Self.wait(for: output)
            Self.drain(output, hear)
            ended = waitpid(process, &status, WNOHANG)
        }
        // Those of the group that did not heed SIGTERM.
        if isLate { kill(-process, SIGKILL) }
        Self.drain(output, hear)
        if isLate { return .tooLong }
        return ended == process ? .ended(status) : .unknown
    }

    /// Until it has written something, and for a moment at most.
    private static func wait(for output: borrowing FileDescriptor) {
        var poll = pollfd(fd: output.raw, events: Int16(POLLIN), revents: 0)
        let isReadable = Glibc.poll(&poll, 1, pace) > 0 && poll.revents & Int16(POLLIN) != 0
        // A pipe that it has closed is always ready.
        if !isReadable { usleep(useconds_t(pace) * 1_000) }
    }

    private static func drain(_ output: borrowing FileDescriptor, _ hear: (ArraySlice<UInt8>) -> Void) {
        var chunk = [UInt8](repeating: 0, count: 16_384)
        // No more at a time than a pipe holds: a program that writes without end is still looked at.
        for _ in 0..<4 {
            let count = read(output.raw, &chunk, chunk.count)
            guard count > 0 else { return }
            hear(chunk[0..<count])
        }
    }
}
