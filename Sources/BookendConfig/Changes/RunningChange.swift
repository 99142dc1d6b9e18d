import BookendCore

/// What somebody changed while Bookend ran, and the file does not say. It is kept over reloads and restarts until the file
/// says the same or something else about it.
public struct RunningChange: Codable, Sendable, Equatable {
    public enum Kind: String, Codable, Sendable {
        case added
        case removed
        case weight
    }

    public let kind: Kind
    public let pool: String
    public let server: String
    /// Of an added server.
    public let address: String?
    public let backup: Bool?
    /// Of an added server, or the new one.
    public let weight: Int?
    public let by: String
    /// Seconds since 1970.
    public let at: Double

    public init(
        _ kind: Kind, _ pool: String, _ server: String, address: String?, backup: Bool?, weight: Int?, by: String,
        at: Double
    ) {
        self.kind = kind
        self.pool = pool
        self.server = server
        self.address = address
        self.backup = backup
        self.weight = weight
        self.by = by
        self.at = at
    }
}

extension RunningChange: CustomStringConvertible {
    public var description: String {
        let name = "\(pool)/\(server)"
        return switch kind {
        case .added: "\(name) was added (\(address ?? "")) by \(by)"
        case .removed: "\(name) was removed by \(by)"
        case .weight: "\(name) has the weight \(weight ?? 0), by \(by)"
        }
    }

    /// It is about the same server.
    func concerns(_ pool: String, _ server: String) -> Bool { self.pool == pool && self.server == server }
}
