import BookendCore

/// The alerts that one target has not taken yet: bounded, in order, each sent until it is taken or too old.
///
/// A storm is folded. Of what concerns the same thing only the newest waits; after `AlertLimits.burst` at once one goes out
/// every few seconds, pages first; beyond `AlertLimits.waiting` the oldest is left out. What was left out is counted, and
/// the next alert that goes out says so.
///
/// One is under way at a time: `next` gives it, `took` or `failed` ends it.
struct AlertQueue {
    private struct Entry {
        var alert: Alert
        let since: Moment
        var refusals = 0
    }

    /// The oldest first. The first one may have been tried before, or be under way.
    private var entries: [Entry] = []
    private var isUnderWay = false
    /// Failures in a row.
    private var failures = 0
    /// Nothing is tried before.
    private var pause: Moment
    /// How many may go out at once, with parts; below zero by what pages have borrowed.
    private var allowance = Double(AlertLimits.burst)
    private var counted: Moment
    /// Since the last that was sent.
    private var omitted = 0
    /// The first one has what it will be sent with, at every try.
    private var isSealed = false
    private var random: SeededRandom

    /// For the status.
    private(set) var delivered = 0
    private(set) var omittedInAll = 0

    init(seed: UInt64, at now: Moment) {
        random = SeededRandom(seed: seed)
        pause = now
        counted = now
    }

    var waiting: Int { entries.count }

    mutating func add(_ alert: Alert, at now: Moment) {
        let oldest = isUnderWay ? 1 : 0
        if let index = entries[oldest...].firstIndex(where: { $0.alert.key == alert.key }) { leaveOut(index) }
        if entries.count >= AlertLimits.waiting { leaveOut(oldest) }
        entries.append(Entry(alert: alert, since: now))
    }

    /// What is to be sent now; nil when nothing is, until `wake`.
    mutating func next(at now: Moment) -> Alert? {
        guard !isUnderWay else { return nil }
        while let index = entries.firstIndex(where: { now - $0.since >= AlertLimits.age }) { leaveOut(index) }
        refill(at: now)
        guard !entries.isEmpty, now >= pause else { return nil }
        if !isSealed {
            let index = candidate
            guard allowance >= needed(for: index) else { return nil }
            allowance -= 1
            entries.insert(entries.remove(at: index), at: 0)
            entries[0].alert.omitted = omitted
            omitted = 0
            isSealed = true
        }
        isUnderWay = true
        return entries[0].alert
    }

    /// When to ask `next` again; never while one is under way or nothing waits.
    var wake: Moment {
        guard !isUnderWay, let oldest = entries.lazy.map(\.since).min() else { return .distantFuture }
        let missing = isSealed ? 0 : max(0, needed(for: candidate) - allowance)
        let allowed =
            counted + TimeSpan(nanoseconds: Int64((missing * Double(AlertLimits.pace.nanoseconds)).rounded(.up)))
        return min(max(pause, allowed), oldest + AlertLimits.age)
    }

    /// Which is sent next: the first page when nothing else may go out.
    private var candidate: Int {
        allowance >= 1 ? 0 : entries.firstIndex { $0.alert.isPage } ?? 0
    }

    /// Pages may borrow as much as a burst.
    private func needed(for index: Int) -> Double {
        entries[index].alert.isPage ? 1 - Double(AlertLimits.burst) : 1
    }

    /// The one that is under way was taken.
    mutating func took() {
        delivered += 1
        failures = 0
        finish()
        entries.removeFirst()
    }

    /// The one that is under way was not.
    ///
    /// - Parameter isRefusal: the target has understood it and does not want it.
    mutating func failed(isRefusal: Bool, at now: Moment) {
        isUnderWay = false
        failures += 1
        pause = now + backOff()
        if isRefusal { entries[0].refusals += 1 }
        if entries[0].refusals >= AlertLimits.refusals { leaveOut(0) }
    }

    /// Half of it is chance, so that many who failed together do not come back together ("Exponential Backoff And
    /// Jitter", AWS Architecture Blog, 2015: "equal jitter").
    private mutating func backOff() -> TimeSpan {
        let doubled = AlertLimits.firstPause.nanoseconds << Int64(min(failures - 1, 10))
        let whole = Double(min(doubled, AlertLimits.longestPause.nanoseconds))
        return TimeSpan(nanoseconds: Int64(whole / 2 * (1 + Double(random.next() >> 11) * 0x1p-53)))
    }

    private mutating func refill(at now: Moment) {
        let gained = Double((now - counted).nanoseconds) / Double(AlertLimits.pace.nanoseconds)
        allowance = min(Double(AlertLimits.burst), allowance + gained)
        counted = now
    }

    private mutating func leaveOut(_ index: Int) {
        // What it was to say of others is to be said by the next one.
        omitted += 1 + entries[index].alert.omitted
        omittedInAll += 1
        if index == 0 { finish() }
        entries.remove(at: index)
    }

    private mutating func finish() {
        isUnderWay = false
        isSealed = false
    }
}

enum AlertLimits {
    /// Of one target. More than anybody reads; 64 KiB.
    static let waiting = 64
    /// So many go out at once, then one in each `pace`: a chat takes about one a second, a person less.
    static let burst = 20
    static let pace = TimeSpan.seconds(5)
    static let firstPause = TimeSpan.seconds(1)
    static let longestPause = TimeSpan.seconds(60)
    /// Nobody wants to be woken for what was an hour ago.
    static let age = TimeSpan.seconds(3_600)
    /// A target that says no so often (4xx) means it: what waits behind has a right to be told.
    static let refusals = 5
    /// Of what came back, shown by `bookend alert test` and `status`.
    static let shownBytes = 200
}
