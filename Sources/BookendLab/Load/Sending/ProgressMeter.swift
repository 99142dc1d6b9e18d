import BookendCore

/// Makes, of a tally that only grows, a report for every second.
struct ProgressMeter {
    /// Since the last report.
    var latency = LatencyHistogram(precisionBits: 4)

    private let start: Moment
    private var last: Moment
    /// On whole seconds of the run, so that the reports of all threads are of the same time and do not drift.
    private var next: Moment
    private var due: UInt64 = 0
    private var sent: UInt64 = 0
    private var answered: UInt64 = 0
    private var errors: UInt64 = 0
    private var late: UInt64 = 0

    init(start: Moment) {
        self.start = start
        last = start
        next = start + LoadLimits.progressInterval
    }

    func isDue(at now: Moment) -> Bool { now >= next }

    /// What happened since the last report.
    mutating func report(_ tally: LoadTally, outstanding: Int, at now: Moment) -> LoadProgress {
        var report = LoadProgress()
        report.elapsed = now - start
        report.span = now - last
        report.due = tally.due - due
        report.sent = tally.sent - sent
        report.answered = tally.answered - answered
        report.errors = tally.errors - errors
        report.late = tally.late - late
        report.outstanding = outstanding
        report.latency = latency
        (last, due, sent, answered) = (now, tally.due, tally.sent, tally.answered)
        (errors, late) = (tally.errors, tally.late)
        while next <= now { next = next + LoadLimits.progressInterval }
        latency.reset()
        return report
    }
}
