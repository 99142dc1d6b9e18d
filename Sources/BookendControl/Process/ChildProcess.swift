import BookendLoop
import CLinux
import Glibc

/// Processes that this one starts, each in a group of its own: a Ctrl-C at the terminal reaches the supervisor alone, which
/// then drains the worker.
enum ChildProcess {
    /// Starts this executable with `arguments` (the first is its name) and with `passing` as its descriptors from 3 on;
    /// it inherits the standard three and no others. Signals are as at a login shell's child.
    static func spawn(_ arguments: [String], passing: [Int32]) -> Result<pid_t, Errno> {
        start("/proc/self/exe", arguments, environment: []) { actions in
            for (index, descriptor) in passing.enumerated() {
                posix_spawn_file_actions_adddup2(&actions, descriptor, PassedDescriptors.configuration + Int32(index))
            }
        }
    }

    /// Starts another program, looked for in `PATH`, with an empty standard input; what it writes goes to `output`.
    ///
    /// - Parameter environment: `NAME=VALUE`, in place of this process's own of that name.
    static func run(_ command: [String], environment: [String], output: Int32) -> Result<pid_t, Errno> {
        start(command.first ?? "", command, environment: environment) { actions in
            posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
            posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO)
            posix_spawn_file_actions_adddup2(&actions, output, STDERR_FILENO)
        }
    }

    private static func start(
        _ program: String, _ arguments: [String], environment: [String],
        _ prepare: (inout posix_spawn_file_actions_t) -> Void
    ) -> Result<pid_t, Errno> {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        prepare(&actions)
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var none = sigset_t()
        sigemptyset(&none)
        posix_spawnattr_setsigmask(&attributes, &none)
        // Ignored ones would stay so (execve(2)): a hook that writes to a closed pipe has to end.
        var all = sigset_t()
        sigfillset(&all)
        posix_spawnattr_setsigdefault(&attributes, &all)
        posix_spawnattr_setpgroup(&attributes, 0)
        let flags = POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP
        posix_spawnattr_setflags(&attributes, Int16(flags))
        var pointers = arguments.map { strdup($0) } + [nil]
        var variables = merged(environment).map { strdup($0) } + [nil]
        defer { for pointer in pointers + variables { free(pointer) } }
        var id = pid_t()
        let status = posix_spawnp(&id, program, &actions, &attributes, &pointers, &variables)
        return status == 0 ? .success(id) : .failure(Errno(status))
    }

    private static func merged(_ environment: [String]) -> [String] {
        let names = environment.map { $0.prefix { $0 != "=" } + "=" }
        var all = environment
        var next = environ
        while let entry = next.pointee {
            let text = String(cString: entry)
            if !names.contains(where: text.hasPrefix) { all.append(text) }
            next += 1
        }
        return all
    }

    /// How a process ended, for a sentence.
    static func describe(_ status: Int32) -> String {
        if clinux_signaled(status) != 0 {
            let signal = clinux_term_signal(status)
            return "was killed by signal \(signal) (\(String(cString: strsignal(signal))))"
        }
        return "ended with code \(clinux_exit_code(status))"
    }
}
