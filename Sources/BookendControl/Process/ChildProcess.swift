import BookendLoop
import CLinux
import Glibc

/// Processes that this one starts, each in a group of its own: a Ctrl-C at the terminal reaches the supervisor alone, which
/// then drains the worker.
enum ChildProcess {
    /// Starts this executable with `arguments` (the first is its name) and with `passing` as its descriptors from 3 on;
    /// it inherits the standard three and no others.
    static func spawn(_ arguments: [String], passing: [Int32]) throws(Errno) -> pid_t {
        try NewProcess.spawn("/proc/self/exe", arguments, environment: nil) { actions in
            for (index, descriptor) in passing.enumerated() {
                posix_spawn_file_actions_adddup2(&actions, descriptor, PassedDescriptors.configuration + Int32(index))
            }
        }
    }

    /// How a process ended, for a sentence.
    static func describe(_ status: Int32) -> String {
        if clinux_signaled(status) != 0 {
            return killed(by: clinux_term_signal(status))
        }
        return "ended with code \(clinux_exit_code(status))"
    }

    static func killed(by signal: Int32) -> String {
        "was killed by signal \(signal) (\(String(cString: strsignal(signal))))"
    }
}
