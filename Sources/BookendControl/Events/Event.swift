/// Something that happened, as log, journal and `GET /v1/events` tell it.
public struct Event: Codable, Sendable, Equatable {
    /// What it is about. Not an enumeration: a Bookend reads what a newer one has written.
    public struct Kind: RawRepresentable, Codable, Hashable, Sendable {
        public let rawValue: String

        public init(rawValue: String) {
            self.rawValue = rawValue
        }
    }

    /// In the journal, whose numbers rise over restarts, with gaps, and are never given twice. Nil of what is not kept: it matters only to those who
    /// look at this moment, as a suspect of some milliseconds does.
    public let id: Int64?
    public let time: WallTime
    /// On the clock that never jumps and begins with the machine: order and distances within one boot.
    public let monotonicNanoseconds: UInt64
    public let kind: Kind
    public let pool: String?
    public let server: String?
    /// One line.
    public let text: String
    /// Figures for programs.
    public let detail: [String: JSONValue]
    /// The event that it follows from.
    public let cause: Int64?

    /// What is too long is cut off.
    init(
        id: Int64?, time: WallTime, monotonicNanoseconds: UInt64, kind: Kind, pool: String?, server: String?,
        text: String, detail: [String: JSONValue], cause: Int64?
    ) {
        self.id = id
        self.time = time
        self.monotonicNanoseconds = monotonicNanoseconds
        self.kind = kind
        self.pool = pool
        self.server = server
        self.text = String(text.prefix(StoreLimits.text))
        self.detail = detail.mapValues { value in
            guard case .text(let text) = value else { return value }
            return .text(String(text.prefix(StoreLimits.detail)))
        }
        self.cause = cause
    }

    /// Worth a line, in log and journal.
    var isKept: Bool { id != nil }
}
