import BookendLoop
import Glibc

/// Ctrl-C and `kill` ask to stop; asked a second time, the program ends at once.
enum Interruption {
    /// 128 + SIGINT, as shells report it.
    private static let impatient: Int32 = 130

    /// Call before any other thread is started: they inherit that these signals are not theirs.
    static func watch(_ stop: @escaping @Sendable () -> Void) throws {
        var signals = sigset_t()
        sigemptyset(&signals)
        sigaddset(&signals, SIGINT)
        sigaddset(&signals, SIGTERM)
        pthread_sigmask(SIG_BLOCK, &signals, nil)
        let watched = signals
        _ = try BookendLoop.Thread.start("load-signals") {
            var watched = watched
            var signal: Int32 = 0
            sigwait(&watched, &signal)
            stop()
            sigwait(&watched, &signal)
            _exit(impatient)
        }
    }
}
