/// Some requests one at a time: what each takes with nobody beside it.
struct AloneLook: Sendable {
    enum Finding: Sendable {
        /// What one takes alone.
        case base(WorkSample)
        /// Alone it takes what it takes beside another, or too few came to tell.
        case nothing
    }

    /// Completions that tell, and those that already show places for two.
    private static let enough = 8.0
    private static let few = 3.0
    /// The look ends after as many times what a request took: a server that hangs is not left with one place.
    private static let longest = 10.0
    /// Two workers that hand on the one place may both count it for a moment.
    static let one = 1.1

    private let crowded: WorkSample
    private var seen = WorkSample.none
    private var secondsLeft: Double

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
        let isSame = seen.completions >= Self.few && seen.residence > HalfStepLimiter.alike * crowded.residence
        return isSame || secondsLeft <= 0 ? .nothing : nil
    }
}
