/// How much a request matters when not all can be served; the raw value orders them.
public enum Priority: UInt8, Sendable, CaseIterable, Comparable {
    case background
    case normal
    case critical

    public static func < (left: Priority, right: Priority) -> Bool { left.rawValue < right.rawValue }
}

/// Where a request stands among all: by its priority, and within it by its client. All requests of a client have the same
/// rank for an hour, so that some people get whole pages instead of all getting torn ones, and a reload gains nothing
/// (WeChat's DAGOR, Zhou and others, "Overload control for scaling WeChat microservices", 2018).
public struct Rank: Sendable, Equatable, Comparable {
    /// Clients of one priority are told apart by so many values.
    public static let clients = 64
    static let count = clients * Priority.allCases.count

    /// 0..<`count`; the highest is served first.
    let value: UInt8

    /// - Parameter client: any hash of the client and the hour.
    public init(_ priority: Priority, client: UInt64) {
        value = priority.rawValue * UInt8(Self.clients) + UInt8(client % UInt64(Self.clients))
    }

    public var priority: Priority { Priority(rawValue: value / UInt8(Self.clients)) ?? .normal }

    public static func < (left: Rank, right: Rank) -> Bool { left.value < right.value }
}
