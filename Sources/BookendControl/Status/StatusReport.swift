/// What `GET /v1/status` answers, and what `bookend status --json` prints. Times are in the units that the names say.
public struct StatusReport: Codable, Sendable {
    public struct Server: Codable, Sendable {
        public let name: String
        public let address: String
        public let backup: Bool
        public let weight: Int
        /// In flight over all workers.
        public let inFlight: Int
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

    public struct Pool: Codable, Sendable {
        public let name: String
        public let balance: String
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
    public let pools: [Pool]
}
