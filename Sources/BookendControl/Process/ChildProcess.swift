import BookendLoop
import CLinux
import Glibc

/// This program, started once more.
enum ChildProcess {
    /// Starts this executable with `arguments` (the first is its name) and with `passing` as its descriptors from 3 on;
    /// it inherits the standard three and no others. Signals are as at a login shell's child.
    static func spawn(_ arguments: [String], passing: [Int32]) -> Result<pid_t, Errno> {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        for (index, descriptor) in passing.enumerated() {
            posix_spawn_file_actions_adddup2(&actions, descriptor, PassedDescriptors.configuration + Int32(index))
        }
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var none = sigset_t()
        sigemptyset(&none)
        posix_spawnattr_setsigmask(&attributes, &none)
        // A group of its own: a Ctrl-C at the terminal reaches the supervisor, which then drains the worker.
        posix_spawnattr_setpgroup(&attributes, 0)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETPGROUP))
        var pointers = arguments.map { strdup($0) } + [nil]
        defer { for pointer in pointers { free(pointer) } }
        var id = pid_t()
        let status = posix_spawn(&id, "/proc/self/exe", &actions, &attributes, &pointers, environ)
        return status == 0 ? .success(id) : .failure(Errno(status))
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
