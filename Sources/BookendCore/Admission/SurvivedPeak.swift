/// The most that was in flight and did no harm within the second after it.
struct SurvivedPeak: Sendable, Equatable {
    private static let span = TimeSpan.seconds(1)

    private(set) var value = 0
    private var before = 0.0
    private var current = 0.0
    private var since = Moment.origin

    mutating func see(_ inFlight: Double, at now: Moment) {
        if now - since >= Self.span {
            value = max(value, Int(before))
            before = current
            current = 0
            since = now
        }
        current = max(current, inFlight)
    }

    /// What killed it was not survived.
    mutating func died() {
        before = 0
        current = 0
    }
}
