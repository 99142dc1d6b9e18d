/// Why a request was refused for want of a place.
public enum Shed: UInt8, Sendable, CaseIterable {
    /// In overload, at the door: others come first, by their priority or by their rank.
    case rank
    /// Too many wait already.
    case full
    /// It has waited for as long as it may.
    case late
    /// Its client asks for more than its part of what there is.
    case client

    /// As log and status write it.
    public var name: String {
        switch self {
        case .rank: "rank"
        case .full: "full"
        case .late: "late"
        case .client: "client"
        }
    }
}
