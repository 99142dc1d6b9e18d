/// What somebody asks for who takes a server out of rotation.
public struct LeaseTerms: Sendable, Equatable {
    public let length: TimeSpan
    public let owner: String
    public let why: String
    /// Also when the guard does not pass.
    public let isForced: Bool
    /// The server may be called back before the end, when the others need it.
    public let mayRecall: Bool
    /// It is a step of a recycle, and not what somebody asked for.
    let isRecycle: Bool
    /// How long the server may take at the end until it answers its checks.
    let ready: TimeSpan

    public init(length: TimeSpan, owner: String, why: String, isForced: Bool, mayRecall: Bool) {
        self.length = length
        self.owner = owner
        self.why = why
        self.isForced = isForced
        self.mayRecall = mayRecall
        isRecycle = false
        ready = .zero
    }

    /// - Parameter isForced: left alone, the kernel would take the server out.
    init(recycling rules: RecycleRules, why: String, isForced: Bool) {
        length = rules.lease
        owner = LeaseLimits.recycler
        self.why = why
        self.isForced = isForced
        mayRecall = true
        isRecycle = true
        ready = rules.ready
    }
}

/// Why a lease is not given, prolonged or ended.
public enum LeaseRefusal: Error, Sendable, Equatable {
    /// The rest of the pool would not carry the load.
    case guarded(GuardFigures)
    /// There is one on that server already.
    case leased(Lease)
    /// Another server of the pool is being tried; what the rest holds is known when that is over, after so long at most.
    case trial(ServerID, TimeSpan)
    case notLeased
    /// Its clean-up hook runs there since then: back in rotation it would be cut off from its requests.
    case hookRuns(since: Moment)
    /// Outside `LeaseLimits.lengths`, extensions included.
    case length(TimeSpan)
    case noOwner
    case noReason
}

/// The bounds of leases, each with its reason (control.md, section 5).
public enum LeaseLimits {
    /// The longest is a day: whoever needs more takes the server out of the configuration. No lease, however often it is
    /// prolonged, gets longer.
    public static let lengths = TimeSpan.seconds(1)...TimeSpan.seconds(86_400)
    /// Who takes servers out to recycle them.
    public static let recycler = "bookend"
    /// Of an owner's name and of a reason, in Unicode scalars, as JSON Schema counts: they are shown in a line.
    public static let ownerLength = 64
    public static let reasonLength = 200

    public static func isOwner(_ text: String) -> Bool { isLine(text, ownerLength) }
    public static func isReason(_ text: String) -> Bool { isLine(text, reasonLength) }

    /// What is shown in a line must not make another.
    private static func isLine(_ text: String, _ longest: Int) -> Bool {
        let scalars = text.unicodeScalars
        return !scalars.isEmpty && scalars.count <= longest
            && !scalars.contains { $0.properties.generalCategory == .control }
    }

    /// Of what the rest holds, so much is counted: caps breathe by as much.
    static let usable = 0.85
    /// A trial takes the server's requests away in so many steps, the last one within ten seconds.
    static let trialSteps = 5
    static let trialStep = TimeSpan.seconds(2)
    /// Who waits longer than this in a trial waits for want of a server, not in a burst.
    static let longestWait = TimeSpan.milliseconds(500)
    /// Refusals for so long are no burst that queued badly; with a pause of more than `shedPause` they begin anew.
    static let shedding = TimeSpan.seconds(1)
    static let shedPause = TimeSpan.seconds(2)
    /// Somebody has waited at every moment for so long: of quick servers no burst, and slow ones are not to wait until people
    /// are refused. One that comes back early harms nobody.
    static let waiting = TimeSpan.seconds(3)
    /// Past its end for so long, whatever the reason: forgotten.
    static let forgotten = TimeSpan.seconds(60)
}
