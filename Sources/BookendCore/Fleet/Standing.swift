/// What workers have to know of a server to pick: the fleet's verdicts, boiled down. Published anew when one changes.
public struct Standing: Sendable, Equatable {
    /// In the order in which a pick asks; the next only when nobody of the one before has room.
    public enum Tier: UInt8, Sendable, CaseIterable, Comparable {
        case serving
        /// A backup that is not needed now.
        case spare
        case suspect
        /// Dead or not proven yet: the last resort before a refusal.
        case out
        /// Taken out by somebody: gets nothing, not even as the last resort.
        case leased

        public static func < (left: Tier, right: Tier) -> Bool { left.rawValue < right.rawValue }
    }

    public var tier: Tier
    /// Of 256 picks it takes part in so many: fewer while it is slow.
    public var share: UInt16
    /// Connections to it are of no use any more.
    public var isGone: Bool
    /// Of its configured weight, as its agent wants it.
    public var weightPercent = 100

    public static let wholeShare: UInt16 = 256

    public init(tier: Tier, share: UInt16, isGone: Bool) {
        self.tier = tier
        self.share = share
        self.isGone = isGone
    }

    /// Of a number that no server has, or one that has left: nobody picks it, and no connection to it is kept.
    public static let absent = Standing(tier: .leased, share: wholeShare, isGone: false)

    /// In rotation without any restriction, or the spare of those that are.
    public static func healthy(isBackup: Bool) -> Standing {
        Standing(tier: isBackup ? .spare : .serving, share: wholeShare, isGone: false)
    }
}
