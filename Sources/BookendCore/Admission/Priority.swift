/// How much a request matters when not all can be served; the raw value orders them.
public enum Priority: UInt8, Sendable, CaseIterable, Comparable {
    case background
    case normal
    case critical

    public static func < (left: Priority, right: Priority) -> Bool { left.rawValue < right.rawValue }

    /// As configuration, requests, log and status write it.
    public var name: String {
        switch self {
        case .background: "background"
        case .normal: "normal"
        case .critical: "critical"
        }
    }

    /// The next lower one; the lowest stays.
    var lowered: Priority { self == .critical ? .normal : .background }
}

/// Where a request stands among all: by its priority, and within it by its client. All requests of a client have the same
/// rank for an hour, so that some people get whole pages instead of all getting torn ones, and a reload gains nothing
/// (WeChat's DAGOR, Zhou and others, "Overload control for scaling WeChat microservices", 2018).
public struct Rank: Sendable, Equatable {
    /// Clients of one priority are told apart by so many values.
    public static let clients = 64
    static let count = clients * Priority.allCases.count

    public let priority: Priority
    /// The lowest bits of a hash: ranks take six of them, shares eight.
    let client: UInt8

    /// - Parameter client: any hash of the client and the hour.
    public init(_ priority: Priority, client: UInt64) {
        self.priority = priority
        self.client = UInt8(truncatingIfNeeded: client)
    }

    private init(_ priority: Priority, _ client: UInt8) {
        self.priority = priority
        self.client = client
    }

    /// 0..<`count`; the highest is served first.
    var value: UInt8 { priority.rawValue * UInt8(Self.clients) + client % UInt8(Self.clients) }

    /// The same client's, one priority lower.
    var lowered: Rank { Rank(priority.lowered, client) }
}
