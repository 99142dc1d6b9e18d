/// When a pool began to refuse requests for want of a place, and when that was over: what people call an overload.
public struct RefusalWatch: Sendable {
    public enum Change: Sendable, Equatable {
        case began
        /// How long it lasted, and how many were refused.
        case ended(TimeSpan, refused: UInt64)
    }

    /// Without a refusal for so long it is over. An overload that comes in waves is one, unless answers take a second and more.
    private static let calm = TimeSpan.seconds(10)

    private var began: Moment?
    private var last = Moment.origin
    private var refused: UInt64 = 0

    public init() {}

    /// - Parameter refusals: since the last call.
    public mutating func see(_ refusals: UInt64, at now: Moment) -> Change? {
        guard refusals > 0 else {
            guard let began, now - last >= Self.calm else { return nil }
            self.began = nil
            return .ended(last - began, refused: refused)
        }
        last = now
        guard began == nil else {
            refused &+= refusals
            return nil
        }
        began = now
        refused = refusals
        return .began
    }
}
