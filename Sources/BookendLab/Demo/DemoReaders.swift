import BookendCore
import BookendHTTP
public import BookendLoop
import Glibc
import Synchronization

/// The readers of the demo: steady traffic to Bookty, sent by a thread of this process until it is stopped.
public final class DemoReaders: Sendable {
    /// What became of their requests.
    public struct Totals: Equatable, Sendable {
        /// Sent until now, and those that should have been.
        public var requests: UInt64 = 0
        /// Answers of 400 and above, and requests without a whole answer.
        public var failed: UInt64 = 0

        public init(requests: UInt64 = 0, failed: UInt64 = 0) {
            self.requests = requests
            self.failed = failed
        }
    }

    /// A reader gives up then.
    private static let timeout = TimeSpan.seconds(30)
    private static let pauseAfterFault: useconds_t = 1_000_000

    private let plan: LoadPlan
    private let totals = Mutex(Totals())
    /// That of the load under way; nil before the start and after the stop.
    private let stopSwitch = Mutex<StopSwitch?>(nil)

    /// - Parameters:
    ///   - authority: as the `Host` field says it.
    ///   - rate: requests per second, at least 1.
    public init(to address: SocketAddress, authority: String, rate: Int) throws {
        let shape = RequestText.Shape(
            method: "GET", authority: authority, headers: [("Accept", "text/html"), ("User-Agent", "bookend-demo")],
            body: nil, keepsConnection: true)
        let schedule = try RateSchedule(rate: Double(rate), for: LoadLimits.duration)
        plan = LoadPlan(
            address: address, method: .get, mix: try RequestMix(shape, paths: Self.paths),
            pace: .open(schedule, .poisson), requests: nil, threads: 1, connections: min(max(64, rate), 1_000),
            outstanding: max(1_000, rate * 10), reusesConnections: true, timeout: Self.timeout,
            lateAfter: .seconds(1), countedHeader: nil, seed: UInt64(bitPattern: Int64(getpid())))
    }

    public var seen: Totals { totals.withLock { $0 } }

    public func start() throws(Errno) {
        stopSwitch.withLock { $0 = StopSwitch() }
        _ = try Thread.start("readers") { [self] in
            // A run is over after a day, or when the system lacked something; the demo goes on.
            while let stopSwitch = stopSwitch.withLock({ $0 }) {
                let run = LoadRun(plan, stopSwitch: stopSwitch)
                let tally = try? run.run { second in
                    self.totals.withLock {
                        $0.requests += second.due
                        $0.failed += second.errors
                    }
                }
                if tally == nil { usleep(Self.pauseAfterFault) }
                self.stopSwitch.withLock { if $0 != nil { $0 = StopSwitch() } }
            }
        }
    }

    public func stop() {
        stopSwitch.withLock {
            $0?.stop()
            $0 = nil
        }
    }

    /// What readers look at: the front page, the catalogue, books all over it, and now and then a search.
    static var paths: [String] {
        let catalogue = (1...8).map { "2:/catalogue?page=\($0)" }
        let books = stride(from: 1, through: 200, by: 11).map { "2:/books/\($0)" }
        let searches = ["whale", "love", "war+peace", "sea", "island"].map { "1:/search?q=\($0)" }
        return ["10:/"] + catalogue + books + searches
    }
}
