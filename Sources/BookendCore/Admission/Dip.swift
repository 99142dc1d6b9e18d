/// What does a request take while the server is half empty? A loaded server shows it only when its level is halved for a moment.
struct Dip: Sendable {
    /// From one to the next, in lengths of a dip: 4 % of the time.
    private static let pause = 24.0
    /// While the base rests on few completions: a tenth of the time.
    private static let pauseInDoubt = 9.0
    private static let first = TimeSpan.milliseconds(500)

    private var seen: WorkSample?
    private var ends = Moment.distantFuture
    private var goal = Double.infinity
    private var next: Moment

    init(at now: Moment) {
        next = now
    }

    var isOn: Bool { seen != nil }

    func isDue(at now: Moment) -> Bool { now >= next }

    /// - Parameter goal: it ends sooner with so many completions.
    mutating func begin(until end: Moment, or goal: Double) {
        seen = WorkSample.none
        ends = end
        self.goal = goal
    }

    /// What was seen, all in all; nil as long as it goes on.
    mutating func see(_ sample: WorkSample, at now: Moment) -> WorkSample? {
        var seen = seen ?? .none
        seen += sample
        let isOver = now >= ends || seen.completions >= goal
        self.seen = isOver ? nil : seen
        return isOver ? seen : nil
    }

    /// The first one is soon due.
    mutating func restBeforeFirst(from now: Moment) {
        next = now + Self.first
    }

    /// - Parameter seconds: what the last one took.
    mutating func rest(after seconds: Double, isInDoubt: Bool, from now: Moment) {
        next = now + HalfStepLimiter.span((isInDoubt ? Self.pauseInDoubt : Self.pause) * seconds)
    }

    mutating func cancel() {
        seen = nil
    }
}
