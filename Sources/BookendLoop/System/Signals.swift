public import BookendCore
import CLinux
import Glibc

/// Signals taken one at a time instead of by handlers.
public enum Signals {
    private static let taken: sigset_t = {
        var set = sigset_t()
        sigemptyset(&set)
        for signal in [SIGTERM, SIGINT, SIGCHLD, SIGUSR1, SIGUSR2, SIGHUP] { sigaddset(&set, signal) }
        return set
    }()

    /// For this thread and all that it starts.
    public static func block() {
        var set = taken
        pthread_sigmask(SIG_BLOCK, &set, nil)
        signal(SIGPIPE, SIG_IGN)
        heedChildren()
    }

    /// For this process: how its children end is kept until it asks. Whoever starts it may have had that thrown away
    /// (waitpid(2), notes), and a child that failed would look like one that was never there.
    public static func heedChildren() {
        signal(SIGCHLD, SIG_DFL)
    }

    /// The next signal; nil when none came in time.
    public static func next(within limit: TimeSpan? = nil) -> Int32? {
        var set = taken
        while true {
            let signal: Int32
            if let limit {
                var timeout = timespec(
                    tv_sec: Int(limit.nanoseconds / 1_000_000_000), tv_nsec: Int(limit.nanoseconds % 1_000_000_000))
                signal = sigtimedwait(&set, nil, &timeout)
            } else {
                signal = sigwaitinfo(&set, nil)
            }
            if signal > 0 { return signal }
            if errno == EAGAIN { return nil }
        }
    }
}
