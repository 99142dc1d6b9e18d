/// Which clean-up hook is to be run, and what for. What the hook is stands in the configuration, or with the agent: whoever
/// can send orders can run nothing else.
public struct HookOrder: Codable, Sendable, Equatable {
    /// Its number, which the result has too.
    public let hook: UInt64
    public let pool: String
    public let server: String
    public let address: String
    public let why: String
    public let timeoutSeconds: Double

    /// What the hook finds in its environment, as `NAME=VALUE`.
    public var environment: [String] {
        [
            "BOOKEND_POOL=\(pool)", "BOOKEND_SERVER=\(server)", "BOOKEND_ADDRESS=\(address)", "BOOKEND_WHY=\(why)",
        ]
    }
}

/// What an agent is told in the answer to its report; an answer without it is 204.
public struct AgentOrders: Codable, Sendable {
    public let recycle: HookOrder
}
