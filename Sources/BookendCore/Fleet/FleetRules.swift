/// The fleet as configured.
public struct FleetRules: Sendable {
    public struct Server: Sendable {
        /// 1...256.
        public let weight: Int
        public let isBackup: Bool
        /// Requests in flight at most; nil when that is to be learned.
        public let cap: Int?
        /// Nil without a clean-up hook.
        public let recycle: RecycleRules?

        public init(weight: Int, isBackup: Bool, cap: Int?, recycle: RecycleRules?) {
            self.weight = weight
            self.isBackup = isBackup
            self.cap = cap
            self.recycle = recycle
        }
    }

    /// What is known of a server from before a restart.
    public struct Known: Sendable, Equatable {
        public let state: ServerHealth.State
        /// What it was known to hold; nil when that was not learned yet.
        public let cap: Int?
        /// What load did to it.
        public let death: HalfStepLimiter.Death?

        public init(state: ServerHealth.State, cap: Int?, death: HalfStepLimiter.Death?) {
            self.state = state
            self.cap = cap
            self.death = death
        }
    }

    public struct Pool: Sendable {
        /// In the order of the configuration; none of a pool that has left.
        public let servers: [Int]
        public let health: HealthRules
        /// An idle backup gets one request in so many of the pool's; 0 for none.
        public let exercise: Int
        /// Whether caps are learned.
        public let isLimited: Bool
        /// Its policy is meant to spread requests over all servers.
        public let spreads: Bool

        public init(
            servers: some Sequence<Int>, health: HealthRules, exercise: Int, isLimited: Bool, spreads: Bool
        ) {
            self.servers = Array(servers)
            self.health = health
            self.exercise = exercise
            self.isLimited = isLimited
            self.spreads = spreads
        }
    }

    /// `PoolID` counts here.
    public let pools: [Pool]
    /// `ServerID` counts here; one that has left is in no pool.
    public let servers: [Server]

    public init(pools: [Pool], servers: [Server]) {
        self.pools = pools
        self.servers = servers
    }
}

enum FleetLimits {
    /// The fleet looks at its servers this often while requests are in flight: half of what a hang may stay unseen,
    /// less the silence itself.
    static let look = TimeSpan.milliseconds(25)
    /// And while none is.
    static let idleLook = TimeSpan.milliseconds(250)
    /// No look follows another sooner, however many probes are due: a thousand servers are looked at 200 times a second.
    static let shortestLook = TimeSpan.milliseconds(5)
    /// A look that comes so much later than it was wanted comes from a Bookend that did not run.
    static let sleep = TimeSpan.milliseconds(100)
    /// A suspect counts as missing after this: a pause of 300 ms brings no backup in.
    static let missing = TimeSpan.seconds(1)
    /// Weight that may be missing without a backup.
    static let smallestShortfall = 0.1
    /// A backup leaves when it was not needed for so long.
    static let backupStay = TimeSpan.seconds(5)
    /// In panic all that answered this recently before the last one that did are taken for equal.
    static let panicWindow = TimeSpan.seconds(1)
    /// Where the slow start of a server ends that nothing limits.
    static let unlimitedSlowStart = 64
    /// A pool's patience is said anew when it changed by more than a part of so much.
    static let patienceStep: Int64 = 8
    /// An agent that was not heard for so long has no say.
    static let agentSilence = TimeSpan.seconds(60)
    /// In flight when a server died: the most of so long before.
    static let beforeDeath = TimeSpan.seconds(1)
}
