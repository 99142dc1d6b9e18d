import BookendCore
import BookendLoop
import Glibc

/// Tells systemd, or whoever started Bookend as a service, how it is: datagrams to the socket that `NOTIFY_SOCKET` names
/// (sd_notify(3)). Nothing happens where nobody asked for it.
struct ServiceManager {
    /// What can be told (sd_notify(3), "Description"). A reload would be told here too: RELOADING=1, and READY=1 at its end.
    enum News {
        case ready
        case stopping
        /// One line for `systemctl status`.
        case status(String)
        /// The watchdog is content for another while.
        case alive

        fileprivate var text: String {
            switch self {
            case .ready: "READY=1"
            case .stopping: "STOPPING=1"
            case .status(let line): "STATUS=\(line)"
            case .alive: "WATCHDOG=1"
            }
        }
    }

    private let address: SocketAddress?

    /// - Parameter environment: this process's.
    init(environment: [String: String]) {
        let place = environment["NOTIFY_SOCKET"] ?? ""
        switch place.first {
        case "/": address = SocketAddress(unixPath: place)
        case "@": address = SocketAddress(abstractName: String(place.dropFirst()))
        default: address = nil
        }
    }

    /// Never waits. What is lost is lost: the service manager notices by its watchdog.
    func tell(_ news: News...) {
        guard let address else { return }
        _ = Datagram.send(Array(news.map(\.text).joined(separator: "\n").utf8), to: address)
    }

    /// How often the watchdog wants to hear of a process; nil when there is none (sd_watchdog_enabled(3)).
    ///
    /// - Parameter process: that is watched.
    static func watchdogInterval(_ environment: [String: String], of process: pid_t) -> TimeSpan? {
        guard let text = environment["WATCHDOG_USEC"], let microseconds = Int64(text),
            (1...Int64.max / 1_000).contains(microseconds)
        else { return nil }
        if let watched = environment["WATCHDOG_PID"], pid_t(watched) != process { return nil }
        return TimeSpan(nanoseconds: microseconds * 1_000)
    }
}
