// Is a server silent for longer than chance explains?
//
// While requests are in flight, answers come at the server's own rate λ. If they came at random, a gap of g would have
// the probability e^(-λ g); below α = 1e-8 it is no chance (the idea of the φ accrual failure detector, Hayashibara and
// others, 2004, applied to traffic instead of heartbeats). At 100 answers a second that is 184 ms. Answers do not come
// quite at random: the longest gap that was seen lately is a floor.
//
// Constants: `ln(1/α)` = 18.4. `fewest` = 20 answers, before λ says anything. `memory` = 10 s: a server that changes
// its pace is known again after that. `longestFloor` = 250 ms, so that pauses that were once survived do not blind it.

/// Watches the gaps between a server's answers while requests are in flight there.
struct SilenceTest: Sendable, Equatable {
    private static let logOfAlpha = 18.4
    private static let fewest = 20.0
    private static let memory = 10.0
    private static let shortestFloor = 0.05
    private static let longestFloor = 0.25

    /// Answers, and the seconds with requests in flight in which they came; both fade.
    private var answers = 0.0
    private var busySeconds = 0.0
    private var longestGap = 0.0
    /// Since the last answer, or since something is in flight; nil when nothing is.
    private var waitingSince: Moment?
    private var lastLook: Moment?
    /// It was silent for a good reason, and no answer came since.
    private var isExcused = false

    /// - Returns: the length of a silence that is no chance.
    mutating func see(answers count: UInt64, inFlight: Int, at now: Moment) -> TimeSpan? {
        let began = waitingSince
        if count > 0 {
            isExcused = false
            // Short requests are seldom seen in flight: then they came since the last look.
            if let since = began ?? lastLook { learn(count, (now - since).inSeconds) }
        }
        lastLook = now
        guard inFlight > 0 else {
            waitingSince = nil
            return nil
        }
        if count > 0 || began == nil { waitingSince = now }
        guard !isExcused, let since = waitingSince, answers >= Self.fewest else { return nil }
        let gap = now - since
        let rate = answers / busySeconds
        let floor = min(Self.longestFloor, max(Self.shortestFloor, 1.2 * longestGap))
        return gap.inSeconds > max(Self.logOfAlpha / rate, floor) ? gap : nil
    }

    /// What was before `now` does not count.
    mutating func begin(at now: Moment) {
        if waitingSince != nil { waitingSince = now }
        lastLook = now
    }

    /// The server is well, its requests take long.
    mutating func excuse() {
        isExcused = true
    }

    private mutating func learn(_ count: UInt64, _ seconds: Double) {
        let kept = max(0, 1 - seconds / Self.memory)
        answers = answers * kept + Double(count)
        busySeconds = busySeconds * kept + max(seconds, 1e-6)
        longestGap = max(longestGap * max(0, 1 - seconds / (6 * Self.memory)), seconds)
    }
}
