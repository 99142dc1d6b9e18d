public import BookendCore
import BookendHTTP

/// What the load generator is bounded by, whatever it is asked for.
public enum LoadLimits {
    /// Requests per second: above what one machine can send, below what a slip of the keyboard asks for.
    public static let rate = 1_000_000.0
    /// A whole schedule. `LatencyHistogram.largest` bounds a single request, not a run.
    public static let duration = TimeSpan.seconds(24 * 3_600)
    public static let segments = 1_000
    public static let threads = 64
    /// Ports of one source address towards one server: about 28,000 by default (net.ipv4.ip_local_port_range), 64,511
    /// at most.
    public static let connections = 60_000
    /// Requests that wait or are under way, of all threads. One that waits costs 16 bytes.
    public static let outstanding = 1_000_000
    /// A single request's time limit.
    public static let timeout = TimeSpan.seconds(3_600)
    /// A request's body, which is kept in memory once per path.
    public static let body = 64 << 20
    public static let paths = 256
    /// The sum of the paths' weights: the length of the sequence in which they take turns.
    public static let weights = 10_000
    /// Different values of the counted header field; further ones are counted together.
    public static let headerValues = 64
    /// Bytes of one such value.
    public static let headerValue = 128

    static let responseHead = HeadLimits(bytes: 65_536, fields: 200, target: 1)
    static let responseBody = BodyLimits(extensions: 65_536, trailers: 65_536, trailerFields: 200)
    /// Arrivals handled before the answers get their turn.
    static let releasedPerTurn = 64
    /// Reads on one connection before the others get their turn.
    static let readsPerTurn = 16
    /// A thread looks at least this often whether it is to stop.
    static let turn = TimeSpan.milliseconds(20)
    /// In a closed loop, after a connection could not be made: without a pause it would only try, and burn a core.
    static let pauseAfterFailure = TimeSpan.milliseconds(10)
    /// From the command to the first intended send, so that every thread is there in time.
    static let headStart = TimeSpan.milliseconds(20)
    static let progressInterval = TimeSpan.seconds(1)
}
