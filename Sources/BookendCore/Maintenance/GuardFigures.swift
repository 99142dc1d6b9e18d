// May this server leave now? The rest is every server of its pool that is in rotation and not leased, backups too. They
// must hold the pool's load with something to spare:
//
//     0.85 · Σ cap ≥ max(in flight now, p95 of the last ten minutes)
//
// A cap that was never reached says only "at least". If such caps are what is missing, nobody knows whether the rest
// would hold, and it is tried: the server's requests are taken away in steps.

/// What the N-1 guard computed, for the decision and for people.
public struct GuardFigures: Sendable, Equatable {
    public enum Verdict: Sendable, Equatable {
        case passes
        /// The rest holds so much at least, and perhaps enough.
        case trial
        case refused
    }

    /// One of the rest.
    public struct Part: Sendable, Equatable {
        public let server: ServerID
        /// Requests in flight that it holds; a slow one only its share.
        public let cap: Int
        public let isAtLeast: Bool
    }

    /// One that is not counted.
    public struct Absent: Sendable, Equatable {
        public let server: ServerID
        public let reason: Reason

        public enum Reason: Sendable, Equatable {
            case leased
            case health(ServerHealth.State)
        }
    }

    public private(set) var rest: [Part]
    public private(set) var absent: [Absent]
    /// In rotation now; one that is not takes nothing away when it leaves.
    public let isServing: Bool
    /// In flight on the leaving server at most, in the last second.
    let carried: Int
    /// In flight in the whole pool: a mean over the last second.
    public let inFlight: Double
    /// What 95 of 100 seconds did not exceed, of the last ten minutes or of `known`.
    public let usual: Double
    public let known: TimeSpan
    /// When it would pass, if the load stays as it is now; nil when that load is too much already.
    public let passesIn: TimeSpan?

    /// What the rest holds, with something to spare.
    public var holds: Double { Self.holds(rest) }
    public var needed: Double { max(inFlight, usual) }

    public var verdict: Verdict {
        if !isServing { return .passes }
        // Nobody is no rest, also when there is nothing to do.
        if rest.isEmpty { return .refused }
        if holds >= needed { return .passes }
        return rest.contains { $0.isAtLeast } ? .trial : .refused
    }

    init(rest: [Part], absent: [Absent], isServing: Bool, carried: Int, load: LoadHistory) {
        self.rest = rest
        self.absent = absent
        self.isServing = isServing
        self.carried = carried
        inFlight = load.present
        usual = load.usual
        known = load.known
        let holds = Self.holds(rest)
        passesIn = rest.isEmpty || inFlight > holds ? nil : load.falls(to: holds)
    }

    /// That server has left the fleet, and its number may become another's.
    mutating func forget(_ server: ServerID) {
        rest.removeAll { $0.server == server }
        absent.removeAll { $0.server == server }
    }

    private static func holds(_ rest: [Part]) -> Double {
        LeaseLimits.usable * Double(rest.reduce(0) { $0 + $1.cap })
    }
}
