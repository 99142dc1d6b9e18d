public import BookendCore

/// How a clean-up hook goes, as who runs it says it: the process beside the supervisor, or an agent.
public struct HookReport: Codable, Sendable, Equatable {
    public let hook: UInt64
    /// What JSON's numbers hold exactly (RFC 8259, section 6); no hook has another number.
    static let hooks: ClosedRange<UInt64> = 0...1 << 53 - 1
    /// False while it runs.
    public let over: Bool
    /// One of these, of one that is over.
    public let code: Int32?
    public let signal: Int32?
    public let timedOut: Bool?
    public let notStarted: String?
    /// The end of what it wrote.
    public let output: String?

    /// One that runs.
    public init(running hook: UInt64) {
        self.hook = hook
        over = false
        (code, signal, timedOut, notStarted, output) = (nil, nil, nil, nil, nil)
    }

    public init(_ result: HookResult, of hook: UInt64) {
        self.hook = hook
        over = true
        output = result.output
        switch result.ending {
        case .code(let code): (self.code, signal, timedOut, notStarted) = (code, nil, nil, nil)
        case .signal(let signal): (code, self.signal, timedOut, notStarted) = (nil, signal, nil, nil)
        case .timedOut: (code, signal, timedOut, notStarted) = (nil, nil, true, nil)
        case .notStarted(let reason): (code, signal, timedOut, notStarted) = (nil, nil, nil, reason)
        case .silent: (code, signal, timedOut, notStarted) = (nil, nil, nil, nil)
        }
    }

    /// Beside the output: the word about how much of it is missing.
    private static let longestOutput = RecycleLimits.output + 64

    /// Nil while it runs. What it wrote is cleaned here again: it may come from a network.
    public var result: HookResult? {
        guard over else { return nil }
        let ending: HookResult.Ending =
            if let code { .code(code) } else if let signal { .signal(signal) } else if timedOut == true {
                .timedOut
            } else if let notStarted {
                .notStarted(HookOutput.printable(notStarted, longest: LeaseLimits.reasonLength))
            } else { .silent }
        return HookResult(ending, output: HookOutput.printable(output ?? "", longest: Self.longestOutput))
    }
}
