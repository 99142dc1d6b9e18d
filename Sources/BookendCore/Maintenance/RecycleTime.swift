/// How long recycles of a pool take, from the decision until the server has its whole share: what a forecast of memory is
/// compared with. Mean and deviation are smoothed over the last few (RFC 6298's estimator, with its weights).
struct RecycleTime: Sendable, Equatable {
    private var mean: Double
    private var deviation: Double

    /// Before the first one: some seconds of drain and restart, and the slow start.
    init(slowStart: TimeSpan) {
        mean = 15 + slowStart.inSeconds
        deviation = 5
    }

    mutating func see(_ span: TimeSpan) {
        let seconds = span.inSeconds
        deviation += (abs(seconds - mean) - deviation) / 4
        mean += (seconds - mean) / 8
    }

    /// Seconds that one takes at most, as a rule.
    var usual: Double { mean + 2 * deviation }
}
