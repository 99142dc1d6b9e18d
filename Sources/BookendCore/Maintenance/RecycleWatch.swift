/// Whether a server's memory asks for a recycle.
struct RecycleWatch: Sendable {
    /// Memory has been below the threshold.
    private var isArmed = true
    private var isRunningOut = Dwell()
    /// Nothing is asked before: a recycle has just ended, or went wrong.
    var notBefore = Moment.origin
    /// The last one did not go well.
    var hasFailed = false

    /// - Parameters:
    ///   - threshold: part of the limit.
    ///   - needed: seconds that a recycle takes from now, others before it included.
    mutating func cause(
        _ memory: ServerMemory?, threshold: Double, needed: Double, at now: Moment
    ) -> Recycle.Cause? {
        guard let memory else {
            isRunningOut = Dwell()
            return nil
        }
        let used = memory.reading.part
        if used < threshold - RecycleLimits.hysteresis { isArmed = true }
        let left = memory.secondsLeft ?? .infinity
        let isShort = left < needed && used >= RecycleLimits.forecastFrom
        let runsOut = isRunningOut.holds(isShort, for: RecycleLimits.forecastHolds, at: now)
        guard isArmed, now >= notBefore else { return nil }
        if used >= threshold { return .full(used) }
        return runsOut ? .forecast(left) : nil
    }

    /// A recycle for its memory is planned.
    mutating func disarm() {
        isArmed = false
        isRunningOut = Dwell()
    }

    /// It was not needed after all and may be again, or it did not come to its end.
    mutating func rearm() { isArmed = true }

    /// The cause of one that waits is gone: as clearly as it came, so that it does not come and go.
    func isOver(_ memory: ServerMemory?, threshold: Double, needed: Double) -> Bool {
        guard let memory else { return true }
        let used = memory.reading.part
        return used < threshold - RecycleLimits.hysteresis && memory.secondsLeft ?? .infinity > 2 * needed
    }
}
