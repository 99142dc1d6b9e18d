import BookendControl
import BookendCore
import BookendLoop
import Foundation
import Synchronization

/// Asks Bookend for its status every second, on a thread of its own: an answer that does not come must not keep the demo
/// from starting a server again.
final class FleetWatch: Sendable {
    private static let interval: useconds_t = 1_000_000
    /// A report that is older says nothing about now.
    private static let freshness = TimeSpan.seconds(3)

    private let socket: String
    private let latest = Mutex<(report: StatusReport, at: Moment)?>(nil)

    init(socket: String) {
        self.socket = socket
    }

    /// Ends with the process.
    func start() throws(Errno) {
        _ = try BookendLoop.Thread.start("status") { [self] in
            let kernel = Kernel()
            while true {
                if let report = try? AdminClient(at: .socket(socket), token: nil).status().report {
                    latest.withLock { $0 = (report, kernel.now()) }
                }
                usleep(Self.interval)
            }
        }
    }

    /// By server; empty when Bookend did not answer of late.
    func rates(at now: Moment) -> [String: Double] {
        guard let (report, at) = latest.withLock({ $0 }), now - at < Self.freshness else { return [:] }
        let servers = report.pools.flatMap(\.servers)
        return Dictionary(servers.map { ($0.name, $0.requestsPerSecond) }, uniquingKeysWith: { first, _ in first })
    }
}
