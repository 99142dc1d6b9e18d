/// What the configuration says about the health of a pool's servers.
public struct HealthRules: Sendable, Equatable {
    public struct Probes: Sendable, Equatable {
        /// From one probe of a healthy server to the next, less up to a fifth of jitter.
        public let every: TimeSpan
        /// After which a probe without an answer has failed.
        public let timeout: TimeSpan

        public init(every: TimeSpan, timeout: TimeSpan) {
            self.every = every
            self.timeout = timeout
        }
    }

    /// Nil: only traffic tells. Then no server is ever dead, and suspects are tried with single requests.
    public let probes: Probes?
    /// How long a server that was dead takes to its full share.
    public let slowStart: TimeSpan

    public init(probes: Probes?, slowStart: TimeSpan) {
        self.probes = probes
        self.slowStart = slowStart
    }
}

/// The constants of detection, each with its reason. Bounds are those of control.md, section 2.
enum HealthLimits {
    /// A suspect is probed this much more often, so that a pause of 300 ms costs 350 and not 500.
    static let suspectPace: Int64 = 5
    /// No probe follows another sooner.
    static let shortestPace = TimeSpan.milliseconds(20)
    /// From one probe to the next of a server that is to come back: people wait for it.
    static let longestCheck = TimeSpan.seconds(1)
    /// A probe is late after this many times what it usually takes, if that is more than the pace.
    static let lateProbe: Int64 = 3
    /// Probes that time out in a row until a suspect is dead: the second tells a lost packet from a lost server.
    static let timeoutsToDeath = 2
    /// Wrong answers in a row until a server is dead: HAProxy's `fall`.
    static let wrongToDeath = 3
    /// Good probes in a row until a dead server returns: HAProxy's `rise`.
    static let goodToReturn = 2
    /// Answers of 500 and above in a row that make a suspect.
    static let errorsInARow = 5
    /// Below it a share of errors says nothing.
    static let fewestAnswers = 10
    static let errorWindow = TimeSpan.seconds(10)
    /// Trial requests in a row that a suspect has to answer well.
    static let goodTrials = 3
    /// From the suspicion to the first trial, doubled after each that failed, and the longest.
    static let firstTrial = TimeSpan.milliseconds(500)
    static let longestTrial = TimeSpan.seconds(8)
    /// A suspect that no request was there to try comes back after this, by slow start.
    static let untried = TimeSpan.seconds(30)
    /// From one good trial to the next.
    static let nextTrial = TimeSpan.milliseconds(100)
}
