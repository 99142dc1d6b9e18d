/// One thing that happened, for whoever asks later what did.
public struct JournalEntry: Codable, Sendable, Equatable {
    /// What it is about. Not an enumeration: a Bookend reads what a newer one has written.
    public struct Kind: RawRepresentable, Codable, Hashable, Sendable {
        public let rawValue: String

        public init(rawValue: String) {
            self.rawValue = rawValue
        }

        /// Of Bookend.
        public static let start = Kind(rawValue: "start")
        public static let stop = Kind(rawValue: "stop")
        /// As it is in force from then on.
        public static let configuration = Kind(rawValue: "configuration")
        /// A worker process died.
        public static let process = Kind(rawValue: "process")
        /// A server's state, and why.
        public static let server = Kind(rawValue: "server")
        public static let slow = Kind(rawValue: "slow")
        /// A server died of load: it gets less.
        public static let cap = Kind(rawValue: "cap")
        public static let backups = Kind(rawValue: "backups")
        public static let panic = Kind(rawValue: "panic")
        /// Requests are refused for want of a place.
        public static let overload = Kind(rawValue: "overload")
        public static let lease = Kind(rawValue: "lease")
        /// Of the state folder itself.
        public static let store = Kind(rawValue: "store")
    }

    /// In order, from 1.
    public var id: Int64
    public let time: WallTime
    /// On the clock that never jumps and begins with the machine: order and distances within one boot.
    public let monotonicNanoseconds: UInt64
    public let kind: Kind
    public let pool: String?
    public let server: String?
    /// One line.
    public let text: String
    /// Figures for programs.
    public let detail: [String: String]
    /// The entry that it follows from.
    public var cause: Int64?

    /// What is too long is cut off.
    init(
        id: Int64, time: WallTime, monotonicNanoseconds: UInt64, kind: Kind, pool: String?, server: String?,
        text: String,
        detail: [String: String], cause: Int64?
    ) {
        self.id = id
        self.time = time
        self.monotonicNanoseconds = monotonicNanoseconds
        self.kind = kind
        self.pool = pool
        self.server = server
        self.text = String(text.prefix(StoreLimits.text))
        self.detail = detail.mapValues { String($0.prefix(StoreLimits.detail)) }
        self.cause = cause
    }
}
