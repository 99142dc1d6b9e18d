import Glibc
import Synchronization

/// Another program, started by a test and ended with it. Its output goes to files, so that it never waits for us.
final class Program: Sendable {
    let id: pid_t
    private let outputPath: String
    private let errorsPath: String
    private let status = Mutex<Int32?>(nil)

    /// - Parameters:
    ///   - executable: a path, or a name to look for in `PATH`.
    ///   - environment: `NAME=VALUE`, beside the test's own.
    ///   - input: a file that it reads as its standard input.
    ///   - passing: a descriptor that it gets as number 3.
    init(
        _ executable: String, _ arguments: [String], in folder: String, environment: [String] = [],
        input: String = "/dev/null", passing: Int32? = nil, named name: String
    ) throws {
        outputPath = "\(folder)/\(name).out"
        errorsPath = "\(folder)/\(name).err"
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        let flags = O_WRONLY | O_CREAT | O_TRUNC | O_APPEND
        posix_spawn_file_actions_addopen(&actions, 0, input, O_RDONLY, 0)
        posix_spawn_file_actions_addopen(&actions, 1, outputPath, flags, 0o600)
        posix_spawn_file_actions_addopen(&actions, 2, errorsPath, flags, 0o600)
        if let passing { posix_spawn_file_actions_adddup2(&actions, passing, 3) }
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        // The threads that tests run on block signals and ignore some; a program starts as from a shell.
        var none = sigset_t()
        sigemptyset(&none)
        posix_spawnattr_setsigmask(&attributes, &none)
        var all = sigset_t()
        sigfillset(&all)
        posix_spawnattr_setsigdefault(&attributes, &all)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF))
        var argv = ([executable] + arguments).map { strdup($0) } + [nil]
        var envp = (Self.inherited() + environment).map { strdup($0) } + [nil]
        defer { for pointer in argv + envp { free(pointer) } }
        var id = pid_t()
        let result = posix_spawnp(&id, executable, &actions, &attributes, &argv, &envp)
        guard result == 0 else { throw Failure("cannot start \(executable): \(String(cString: strerror(result)))") }
        self.id = id
    }

    var output: [UInt8] { readFile(outputPath) }
    var outputText: String { String(decoding: output, as: UTF8.self) }
    var errors: String { String(decoding: readFile(errorsPath), as: UTF8.self) }

    var isRunning: Bool { exitStatus() == nil }

    func send(_ signal: Int32) {
        status.withLock { if $0 == nil { kill(id, signal) } }
    }

    /// Waits for its end: its exit code, or the signal that ended it as a negative number.
    @discardableResult
    func exitCode(within seconds: Double = 30) throws -> Int32 {
        do {
            try eventually("the end of process \(id)", within: seconds) { exitStatus() != nil }
        } catch {
            throw Failure("\(error); it said: \(errors)")
        }
        let status = exitStatus() ?? 0
        return status & 0x7F == 0 ? status >> 8 & 0xFF : -(status & 0x7F)
    }

    /// Whatever state it is in.
    func end() {
        send(SIGKILL)
        _ = try? exitCode(within: 5)
    }

    private func exitStatus() -> Int32? {
        status.withLock { known in
            if known == nil {
                var status: Int32 = 0
                if waitpid(id, &status, WNOHANG) == id { known = status }
            }
            return known
        }
    }

    /// Without what would change where verbs look for a running Bookend.
    private static func inherited() -> [String] {
        var all: [String] = []
        var next = environ
        while let entry = next.pointee {
            let text = String(cString: entry)
            if !text.hasPrefix("BOOKEND_") { all.append(text) }
            next += 1
        }
        return all
    }
}
