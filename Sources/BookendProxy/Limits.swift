import BookendCore
import BookendHTTP

/// What is bounded without being configured. Every queue, buffer and wait that `Configuration` does not bound is here.
enum Limits {
    /// Trailers and chunk extensions are rare and small; nginx and HAProxy drop most of them.
    static let body = BodyLimits(extensions: 4_096, trailers: 8_192, trailerFields: 32)
    /// The longest request target: what the large browsers send at most.
    static let target = 16_384
    /// A server's response head; the largest that nginx (`large_client_header_buffers`) users raise it to.
    static let responseHead = HeadLimits(bytes: 65_536, fields: 200, target: 1)
    /// A listener's own limits are set for each of its requests.
    static let requestHead = HeadLimits(bytes: 65_536, fields: 100, target: target)
    /// Idle connections kept to one server by one worker.
    static let idlePerServer = 256
    /// Silence in a tunnel, in both directions: HAProxy's documented `timeout tunnel`.
    static let tunnelIdle = TimeSpan.seconds(3_600)
    /// After an answer that ends a connection: how long, and how much of what the client still sends, is read and thrown
    /// away, so that the answer is not lost to a reset (RFC 9112, section 9.6; nginx `lingering_time`).
    static let lingering = TimeSpan.seconds(5)
    static let lingeringBytes = 1 << 20
    /// A connection that was just made is not taken for idle: its request is on its way.
    static let firstRequest = TimeSpan.seconds(1)
    /// Protocol violations of one client in one minute before its new connections are closed at once (rule 18).
    static let violationsPerMinute = 100
    /// Clients that are watched for violations and connections; beyond, those without connections are forgotten.
    static let clients = 65_536
    /// Elements of `X-Forwarded-For` that are looked at, from the end: proxies before Bookend.
    static let forwardedHops = 8
    /// Bytes of one field in a line of the log; the rest is cut off.
    static let logField = 4_096
    /// Bytes of the log that wait for the disk; lines beyond are counted and dropped.
    static let logBytes = 4 << 20
    /// What is in flight on a server, or through a listener, that the configuration does not name any more: as long as cloud
    /// load balancers wait for a target that is deregistered, unless told otherwise.
    static let leaving = TimeSpan.seconds(300)
    /// Observations go to the control plane this often.
    static let observationInterval = TimeSpan.milliseconds(250)
}
