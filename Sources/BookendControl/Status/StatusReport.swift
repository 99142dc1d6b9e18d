/// What `GET /v1/status` answers, and what `bookend status --json` prints. Times are in the units that the names say.
public struct StatusReport: Codable, Sendable {
    public struct Server: Codable, Sendable {
        public let name: String
        public let address: String
        public let backup: Bool
        public let weight: Int
        /// starting, healthy, suspect, dead or returning.
        public let state: String
        public let stateSeconds: Double
        public let why: String
        /// serving, spare, suspect or out: in which order requests go there.
        public let rotation: String
        /// Of its share of the traffic, 0 to 1: less while it is slow.
        public let share: Double
        /// How far its slow start is, 0 to 1.
        public let slowStart: Double
        public let lastProbe: String?
        public let lastProbeSeconds: Double?
        /// In flight over all workers.
        public let inFlight: Int
        /// As many may be; null when nothing limits them.
        public let cap: Int?
        /// What says so: learning, latency, memory, death, configured, slow-start or none.
        public let capReason: String
        /// As an agent reports it; null without one.
        public let memory: Memory?
        /// Since the worker process started.
        public let requests: UInt64
        /// Responses of 500 and above, and late, broken or missing ones.
        public let errors: UInt64
        public let connectFailures: UInt64
        /// Over the last ten seconds.
        public let requestsPerSecond: Double
        public let errorsPerSecond: Double
        public let p50Milliseconds: Double?
        public let p99Milliseconds: Double?
    }

    public struct Memory: Codable, Sendable {
        /// The working set and its limit: bytes.
        public let usedBytes: UInt64
        public let limitBytes: UInt64
        /// What the server uses without requests, and what each takes at most; null until it is known.
        public let baseBytes: UInt64?
        public let perRequestBytes: UInt64?
        /// Until it is used up; null when nothing grows.
        public let exhaustionSeconds: Double?
    }

    public struct Pool: Codable, Sendable {
        public let name: String
        public let balance: String
        /// No server is healthy; whoever may still answer serves.
        public let panic: Bool
        /// Requests that wait for a place now.
        public let queued: Int
        /// Requests refused for want of a place, since the worker process started.
        public let shed: UInt64
        public let servers: [Server]
    }

    public let version: String
    public let process: Int32
    public let uptimeSeconds: Double
    public let workers: Int
    public let listeners: [String]
    public let connections: Int
    public let connectionLimit: Int
    /// Answers that Bookend gave itself: refused requests, and those that no server could take.
    public let ownAnswers: UInt64
    public let droppedLogLines: Int
    /// Whether what Bookend has to remember is written.
    public let store: StoreHealth
    public let pools: [Pool]
}
