/// The largest of what was seen lately: over one span at least, over two at most.
struct RecentPeak: Sendable, Equatable {
    private var before = 0
    private var current = 0
    private var since = Moment.origin

    var value: Int { max(before, current) }

    mutating func see(_ value: Int, over span: TimeSpan, at now: Moment) {
        if now - since >= span {
            before = now - since >= TimeSpan(nanoseconds: 2 * span.nanoseconds) ? 0 : current
            current = 0
            since = now
        }
        current = max(current, value)
    }
}
