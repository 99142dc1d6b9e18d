import BookendCore

/// Says when one thread's next request is due: by the schedule, or because an answer made room.
struct Pacer {
    private enum Pace {
        case open(Arrivals)
        /// `left`: requests until this thread's share of the limit is used up.
        case closed(concurrency: Int, end: Moment, left: Int)
    }

    private let start: Moment
    private var pace: Pace
    private var next: Arrivals.Arrival?
    private var number: Int
    private let step: Int
    /// In a closed loop: nothing is due before.
    private var pausedUntil = Moment.origin

    init(_ plan: LoadPlan, thread: Int, start: Moment) {
        self.start = start
        number = thread
        step = plan.threads
        switch plan.pace {
        case .open(let schedule, let pattern):
            var arrivals = Arrivals(
                schedule, pattern, seed: plan.seed, limit: plan.requests ?? .max, thread: thread, threads: plan.threads)
            next = arrivals.next()
            pace = .open(arrivals)
        case .closed(let concurrency, let length):
            pace = .closed(
                concurrency: plan.share(of: concurrency, thread: thread), end: start + length,
                left: plan.requests.map { plan.share(of: $0, thread: thread) } ?? .max)
        }
    }

    /// No request will be due any more.
    func isOver(at now: Moment) -> Bool {
        switch pace {
        case .open: next == nil
        case .closed(_, let end, let left): left == 0 || now >= end
        }
    }

    /// When to look again; nil when only an answer can make something due, or nothing ever will.
    func wake(outstanding: Int, at now: Moment) -> Moment? {
        switch pace {
        case .open: next.map { start + $0.time }
        case .closed(let concurrency, _, _):
            isOver(at: now) || outstanding >= concurrency ? nil : max(start, pausedUntil)
        }
    }

    /// The next request if it is due at `now`: its intended send time and its number among those of all threads.
    mutating func take(outstanding: Int, at now: Moment) -> (intended: Moment, number: Int)? {
        switch pace {
        case .open(var arrivals):
            guard let arrival = next, start + arrival.time <= now else { return nil }
            next = arrivals.next()
            pace = .open(arrivals)
            return (start + arrival.time, arrival.number)
        case .closed(let concurrency, let end, let left):
            guard now >= max(start, pausedUntil), now < end, left > 0, outstanding < concurrency else { return nil }
            pace = .closed(concurrency: concurrency, end: end, left: left - 1)
            defer { number += step }
            return (now, number)
        }
    }

    /// A connection could not be made.
    mutating func noteFailedConnection(at now: Moment) {
        pausedUntil = now + LoadLimits.pauseAfterFailure
    }
}
