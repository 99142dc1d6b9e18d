/// Does more at a time bring more? It is tried now and then, and judged by throughput.
///
/// A base that is too low holds the level down for good: full, the server looks just as it does when it has no places left.
/// This tells them apart.
struct Raise: Sendable {
    enum End: Sendable {
        /// What was seen meanwhile.
        case helps(WorkSample)
        case doesNot
    }

    /// How much more is tried at a time, and by which part of it the throughput has to grow.
    private static let factor = 1.4
    private static let helps = 1.2
    /// Completions that tell, for each unit of squared variation: 8 % of error on the gain. From one to two that is soon seen,
    /// and has to be, as nothing else leads back to more.
    private static let round = 240.0
    private static let roundFromOne = 30.0
    /// Seconds.
    private static let longest = 8.0
    private static let first = TimeSpan.seconds(2)
    private static let longestPause = TimeSpan.seconds(300)
    private static let pauseOfOne = TimeSpan.seconds(20)

    /// Full rounds at about this level, together.
    private var steady = WorkSample.none
    private var steadyLevel = 0
    private var seen: WorkSample?
    private var next = Moment.distantFuture
    private var pause = Self.first

    var isOn: Bool { seen != nil }

    static func level(over level: Int) -> Int { Int((factor * Double(level)).rounded(.up)) }

    /// A full round at this level is over.
    mutating func collect(_ round: WorkSample, at level: Int, spread: Double) {
        if !isAbout(level) { forget() }
        if steady == .none { steadyLevel = level }
        steady += round
        steady.weigh(atMost: 2 * Self.round * spread)
    }

    /// Whether it begins now. It would end without having told anything where too few are answered in its time.
    mutating func begin(from level: Int, to most: Int, spread: Double, at now: Moment) -> Bool {
        let goal = goal(from: level, spread)
        let told = max(goal, 2 * Double(most))
        let isToldInTime = level == 1 || Self.factor * steady.throughput * Self.longest >= told
        guard now >= next, isAbout(level), steady.completions >= goal, isToldInTime else { return false }
        seen = WorkSample.none
        return true
    }

    /// Nil as long as it goes on.
    mutating func see(_ sample: WorkSample, from level: Int, to most: Int, spread: Double) -> End? {
        var seen = seen ?? .none
        seen += sample
        self.seen = seen
        let goal = goal(from: level, spread)
        let longest = level == 1 ? max(Self.longest, 2 * goal / steady.throughput) : Self.longest
        let isEnough = seen.completions >= max(goal, 2 * Double(most))
        guard isEnough || seen.seconds > longest else { return nil }
        self.seen = nil
        let isFull = seen.concurrency >= HalfStepLimiter.full * Double(most)
        if isEnough, isFull, seen.throughput / steady.throughput > Self.helps {
            pause = Self.first
            return .helps(seen)
        }
        if level > 1 { pause = min(TimeSpan(nanoseconds: 2 * pause.nanoseconds), Self.longestPause) }
        return .doesNot
    }

    /// None until a pause is over.
    mutating func rest(at level: Int, from now: Moment) {
        next = now + (level == 1 ? Self.pauseOfOne : pause)
    }

    mutating func cancel() {
        seen = nil
    }

    /// Requests do not take what they took: what was steady is not to be compared with.
    mutating func forget() {
        steady = .none
    }

    private func isAbout(_ level: Int) -> Bool { abs(level - steadyLevel) <= steadyLevel / 5 }

    private func goal(from level: Int, _ spread: Double) -> Double {
        (level == 1 ? Self.roundFromOne : Self.round) * spread
    }
}
