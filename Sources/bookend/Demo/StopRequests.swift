import BookendCore
import Glibc

/// Ctrl-C, Ctrl-\, SIGTERM and a closed terminal, noticed while the demo waits for anything.
final class StopRequests {
    private let endings: [Int32]
    private var taken = sigset_t()
    private(set) var count = 0

    /// Before any thread is started: they inherit that these signals are not theirs.
    init() {
        // What was ignored from the start stays so: a demo that was started by `nohup` outlives its terminal.
        endings = [SIGINT, SIGQUIT, SIGTERM, SIGHUP].filter { !Self.isIgnored($0) }
        sigemptyset(&taken)
        for signal in endings + [SIGCHLD] { sigaddset(&taken, signal) }
        pthread_sigmask(SIG_BLOCK, &taken, nil)
        signal(SIGPIPE, SIG_IGN)
    }

    /// Waits so long, or until a signal comes. True when the demo is to end.
    func wait(_ span: TimeSpan) -> Bool {
        var limit = timespec(
            tv_sec: Int(span.nanoseconds / 1_000_000_000), tv_nsec: Int(span.nanoseconds % 1_000_000_000))
        if endings.contains(sigtimedwait(&taken, nil, &limit)) { count += 1 }
        return count > 0
    }

    private static func isIgnored(_ signal: Int32) -> Bool {
        var action = sigaction()
        guard sigaction(signal, nil, &action) == 0 else { return false }
        return unsafeBitCast(action.__sigaction_handler.sa_handler, to: Int.self) == 1  // SIG_IGN
    }
}
