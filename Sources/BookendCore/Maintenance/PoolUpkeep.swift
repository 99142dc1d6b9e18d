/// What maintenance has to know of a pool beside its servers: how loaded it was, and whether it lacks somebody now.
struct PoolUpkeep: Sendable {
    var load = LoadHistory()
    var shares = ShareWatch()
    var oneLeft = Dwell()
    var tooLittle = Dwell()
    /// Requests waited without a pause since.
    private var waitingSince: Moment?
    private var refusedFirst: Moment?
    private var refusedLast = Moment.origin

    /// - Parameters:
    ///   - waiting: requests that wait for a place now.
    ///   - refused: for want of one, since the last call.
    mutating func see(waiting: Int, refused: Int, at now: Moment) {
        waitingSince = waiting > 0 ? waitingSince ?? now : nil
        guard refused > 0 else { return }
        if now - refusedLast > LeaseLimits.shedPause { refusedFirst = nil }
        refusedFirst = refusedFirst ?? now
        refusedLast = now
    }

    /// The first sign since a trial began that the rest has too many.
    func saturation(since began: Moment, at now: Moment) -> Lease.Need? {
        if refusedLast > began { return .requestsRefused }
        guard let since = waitingSince, now - max(since, began) >= LeaseLimits.longestWait else { return nil }
        return .requestsWait
    }

    /// Requests are being refused or wait, and not for a moment only. What was before a lease began is no reason to end it.
    func need(since began: Moment, at now: Moment) -> Lease.Need? {
        if let first = refusedFirst, now - refusedLast <= LeaseLimits.shedPause,
            refusedLast - max(first, began) >= LeaseLimits.shedding
        {
            return .requestsRefused
        }
        if let since = waitingSince, now - max(since, began) >= LeaseLimits.waiting { return .requestsWait }
        return nil
    }
}
