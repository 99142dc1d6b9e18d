/// How many requests a server may have in flight, and what says so.
public struct ServerCap: Sendable, Equatable {
    public enum Reason: String, Sendable, CaseIterable {
        /// The limiter, which is still doubling.
        case learning
        /// The limiter.
        case latency
        /// The memory that the server has left.
        case memory
        /// It died of more.
        case death
        /// `max-in-flight` says so.
        case configured
        /// Its agent says so.
        case agent
        case slowStart = "slow-start"
        /// Its requests are taken away in steps, to see whether the others carry them.
        case draining
        /// Nothing limits it: the limiter is off.
        case none
    }

    public var limit: Int
    public var reason: Reason

    public init(limit: Int, reason: Reason) {
        self.limit = limit
        self.reason = reason
    }

    public static let unlimited = ServerCap(limit: Int(Int32.max), reason: .none)

    /// The lower of the two, never below one request.
    func atMost(_ limit: Int?, _ reason: Reason) -> ServerCap {
        guard let limit, limit < self.limit else { return self }
        return ServerCap(limit: max(1, limit), reason: reason)
    }
}
