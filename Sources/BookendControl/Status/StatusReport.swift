/// What `GET /v1/status` answers, and what `bookend status --json` prints. Times are in the units that the names say.
public struct StatusReport: Codable, Sendable {
    public struct Server: Codable, Sendable {
        public let pool: String
        public let name: String
        public let address: String
        public let backup: Bool
        public let weight: Int
        /// starting, healthy, suspect, dead or returning.
        public let state: String
        public let stateSeconds: Double
        public let why: String
        /// serving, spare, suspect or out: in which order requests go there; leased: none does.
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
        /// What says so: learning, latency, memory, death, configured, agent, slow-start, draining or none.
        public let capReason: String
        /// As an agent reports it, or the server in its responses; null without either.
        public let memory: Memory?
        /// What the server said of its load in the last three seconds, in responses; null when it said nothing.
        public let load: Load?
        /// What its agent says (`agent-check`); null without one.
        public let agent: Agent?
        /// Responses whose `endpoint-load-metrics` could not be read.
        public let unreadableReports: UInt64
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
        /// The part that is used, 0 to 1.
        public let utilization: Double
        /// The working set and its limit: bytes; null where only the part is told.
        public let usedBytes: UInt64?
        public let limitBytes: UInt64?
        /// What the server uses without requests, and what each takes at most, as parts of the limit and in bytes; null
        /// until it is known.
        public let baseUtilization: Double?
        public let perRequestUtilization: Double?
        public let baseBytes: UInt64?
        public let perRequestBytes: UInt64?
        /// Until it is used up; null when nothing grows.
        public let exhaustionSeconds: Double?
        /// The part of the last ten seconds in which a task waited for memory (PSI), 0 to 1; null where it is not told.
        public let pressure: Double?
    }

    /// As parts of what there is; the processors' may be above 1.
    public struct Load: Codable, Sendable {
        public let memoryUtilization: Double?
        public let cpuUtilization: Double?
        public let applicationUtilization: Double?
    }

    public struct Agent: Codable, Sendable {
        /// drain, maint, down, fail, stopped or 0%: it gets nothing new; null while it may serve.
        public let out: String?
        /// Of the configured weight.
        public let weightPercent: Int
        /// Requests in flight at most; null without a bound.
        public let maxInFlight: Int?
        /// Since its last answer; null when it never gave one.
        public let answeredSeconds: Double?
        /// Why the last question got no answer; null when it got one.
        public let trouble: String?
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
        /// Why: at the door for others come first (rank), too many waited (full), it waited in vain (late), its client
        /// asks for more than its share (client).
        public let shedReasons: [String: UInt64]
        /// How much those mattered: background, normal, critical.
        public let shedPriorities: [String: UInt64]
        /// Requests in whose `priority-header` a trusted proxy gave something else than one of these.
        public let unknownPriorities: UInt64
        /// What the servers in rotation hold without the largest, by what is in flight; null while that is not known.
        public let spareCapacityRatio: Double?
        /// Those that are not over, in the order of their turns.
        public let recycles: [RecycleReport]
        public let servers: [Server]
    }

    public struct Alarm: Codable, Sendable {
        /// no-spare, share, forced, overdue, forgotten, recycle-waits or recycle-failed.
        public let kind: String
        /// warning or page.
        public let severity: String
        public let seconds: Double
        public let text: String
    }

    public let version: String
    public let process: Int32
    public let uptimeSeconds: Double
    public let workers: Int
    public let listeners: [String]
    public let connections: Int
    public let connectionLimit: Int
    /// What buffers hold, and may hold at most.
    public let bufferBytes: Int
    public let bufferLimitBytes: Int
    /// Requests refused because slow connections held the memory, since the worker process started.
    public let outOfMemory: UInt64
    /// Answers that Bookend gave itself: refused requests, and those that no server could take.
    public let ownAnswers: UInt64
    public let droppedLogLines: Int
    /// Whether what Bookend has to remember is written.
    public let store: StoreHealth
    /// Those that are open, the oldest first.
    public let alarms: [Alarm]
    /// Who is told of alarms, in the order of the configuration.
    public let alertTargets: [AlertTargetReport]
    public let leases: [LeaseReport]
    /// What was changed while Bookend ran, and the file does not say.
    public let differences: [String]
    /// Why the file on disk is not what runs; null when the last reload took it into force.
    public let notReloaded: String?
    public let pools: [Pool]
}
