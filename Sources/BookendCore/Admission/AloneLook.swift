/// Some requests one at a time: what each takes with nobody beside it.
struct AloneLook: Sendable {
    enum Finding: Sendable {
        /// What one takes alone.
        case base(WorkSample)
        /// Alone it takes what it takes beside another, or too few came to tell, or one does not end.
        case nothing
    }

    /// Completions that tell, and those that already show places for two.
    private static let enough = 8.0
    private static let few = 3.0
    /// The look ends after as many times what a request took, when too few come.
    private static let longest = 20.0
    /// Two workers that hand on the one place may both count it for a moment.
    static let one = 1.1

    private let crowded: WorkSample
    private var seen = WorkSample.none
    private var secondsLeft: Double
    /// Seconds in which the one place was taken and nobody got an answer.
    private var stalled = 0.0

    /// - Parameter crowded: requests seen beside each other.
    init(after crowded: WorkSample) {
        self.crowded = crowded
        secondsLeft = Self.longest * crowded.residence
    }

    /// Nil as long as it goes on.
    mutating func see(_ sample: WorkSample) -> Finding? {
        secondsLeft -= sample.seconds
        if sample.concurrency <= Self.one { seen += sample }
        if seen.completions >= Self.enough { return .base(seen) }
        stalled = sample.isStalled ? stalled + sample.seconds : 0
        let times = seen.residence / crowded.residence
        let isSame = seen.completions >= Self.few && times > HalfStepLimiter.alike && times * HalfStepLimiter.alike < 1
        let isStuck = stalled > HalfStepLimiter.stall * crowded.residence
        return isSame || isStuck || secondsLeft <= 0 ? .nothing : nil
    }
}
