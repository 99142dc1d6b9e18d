import BookendCore

/// Every value that a file may leave out, each with the reason for its size. No other file holds a default.
enum Defaults {
    /// A small virtual machine has 1 GiB; a quarter of it carries some ten thousand connections and starves nobody.
    static let memory = ByteCount.mebibytes(256)
    /// Loops share nothing, so one per core uses the machine and more only switch back and forth.
    static let workers = Workers.auto
    /// The folders of the Filesystem Hierarchy Standard 3.0 for root; a folder that anybody can write otherwise.
    static func state(isRoot: Bool) -> String { isRoot ? "/var/lib/bookend" : ".bookend" }
    /// `/run` is emptied at boot, so that no dead socket survives; who is not root has only the state folder.
    static func adminSocket(isRoot: Bool, state: String) -> String {
        isRoot ? "/run/bookend/admin.sock" : state + (state.hasSuffix("/") ? "" : "/") + "admin.sock"
    }
    /// A log that nobody asked for fills a disk one night; HAProxy does the same.
    static let accessLog = AccessLog.off
    /// Machines read it first, and its fields can grow without breaking anybody's parser.
    static let accessLogFormat = AccessLog.Format.json

    /// Whom to wake is for people to say; `bookend check` warns when there is nobody.
    static let alerts: [AlertTarget] = []
    static let alertFormat = AlertTarget.Format.json
    /// What is no reason to wake anybody belongs into the chat in the morning.
    static let alertSeverity = AlertTarget.Severity.warning
    /// Chats answer within a second; a program that pages may have to dial.
    static let alertTimeout = TimeSpan.seconds(10)

    /// Believing a stranger's `X-Forwarded-For` lets anybody claim any address.
    static let trustedProxies: [AddressBlock] = []
    /// Ten times what a slow phone needs; still too short for an attacker who sends a byte a second.
    static let headTimeout = TimeSpan.seconds(10)
    /// Browsers reuse a connection within a minute or not at all; waiting connections cost little memory.
    static let listenerIdleTimeout = TimeSpan.seconds(60)
    /// A lost train connection comes back within half a minute; a dead one should not hold a server's slot for longer.
    static let bodyTimeout = TimeSpan.seconds(30)
    /// nginx takes 32 KiB as well (4 x 8k): large cookies pass, floods do not.
    static let headLimit = ByteCount.kibibytes(32)
    /// Apache httpd's long-standing limit; browsers send about 20.
    static let fieldsLimit = 100
    /// Photographs and documents pass; a file that would occupy a server for minutes needs a decision.
    static let bodyLimit = ByteCount.mebibytes(64)
    /// An office behind one address opens some 6 connections per browser: 256 serve about 40 people.
    static let connectionsPerClient = 256

    /// Exact round-robin while servers are equal, which was the reports' own cure, and their real headroom when they are not.
    static let balance = BalanceName.headroom
    /// No number that a person writes down stays right; what a server can hold is learned while it works.
    static let limiter = Limiter.auto
    static let maxInFlight: Int? = nil
    /// Every connection that waits is paid for already; a number of its own would only be one more to get wrong.
    static let queue: Int? = nil
    /// Nobody waits longer for a page, and most browsers give up no sooner.
    static let queueDeadline = TimeSpan.seconds(30)
    /// Who matters more than others is for people to say.
    static let priority = Priority.normal
    static let priorityHeader: String? = nil
    /// Servers are taken for equal until told otherwise.
    static let weight = 1
    /// A backup is a decision, never a guess.
    static let isBackup = false
    /// Repeating an order could place it twice; repeating an idempotent request changes nothing.
    static let retryMethods = RetryMethods.idempotent
    /// One more server is enough when one has died; more multiply the load when all are in trouble.
    static let tries = 2
    /// Enough for a server that dies at a thousand requests a second, too little to double the load of one that cannot.
    static let retryBudget = 10
    /// Watched without being asked: that a connection is taken says little, but a dead spare is known before it is needed.
    static let health: Pool.Health? = Pool.Health(
        path: nil, every: probeEvery, timeout: probeTimeout, expect: probeExpect, expectHeader: nil, expectBody: nil)
    /// Two in a row within half a second find a server that nobody asks anything; four small requests a second are nothing.
    static let probeEvery = TimeSpan.milliseconds(250)
    /// A server that takes longer for its health path than this is in no state to serve.
    static let probeTimeout = TimeSpan.seconds(1)
    /// A redirect is an answer; 401 is a health path that Bookend may not see.
    static let probeExpect = 200...399
    /// Caches fill and compilers warm up within seconds; longer, and a deploy of many servers takes an hour.
    static let slowStart = TimeSpan.seconds(10)
    /// A spare that was never asked is a hope; one request in a thousand costs nothing.
    static let exerciseBackups = 1_000
    /// A restart and a look whether all is well; who needs longer says so.
    static let lease = TimeSpan.seconds(1_800)
    /// What an agent says changes over seconds; HAProxy asks every two.
    static let agentEvery = TimeSpan.seconds(1)
    /// A service that takes longer to restart hangs.
    static let hookTimeout = TimeSpan.seconds(60)
    /// What a page takes at most, twice; long downloads give a recycle up rather than being cut off.
    static let recycleDrain = TimeSpan.seconds(60)
    /// An application that reads its caches starts within this; one that needs longer is woken up for.
    static let recycleReady = TimeSpan.seconds(30)
    /// Below the 90 % that no request may take a server beyond, by as much as a drain and a restart need.
    static let recycleMemory: Int? = 85
    /// Inside one data centre a connection takes under 1 ms; 1 s allows for one lost SYN (retransmitted after 1 s).
    static let connectTimeout = TimeSpan.seconds(1)
    /// Longer than people wait, shorter than they need to give up the site.
    static let responseTimeout = TimeSpan.seconds(30)
    /// The same as towards clients; a connection that the server has closed meanwhile is noticed and replaced.
    static let poolIdleTimeout = TimeSpan.seconds(60)
}
