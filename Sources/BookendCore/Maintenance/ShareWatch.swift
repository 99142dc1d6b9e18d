/// Does one server get more of its pool's requests than its share, minute after minute? The outage began so: all requests
/// went to one of two servers, and both were well.
///
/// The share is that of its weight or of its cap, whichever is larger, among those that serve without restriction: a
/// larger server may get more.
struct ShareWatch: Sendable {
    /// What a server of the pool is known to have done, and to be due.
    struct Part {
        let server: ServerID
        let requests: UInt64
        let weight: Double
        /// Zero when it is not known.
        let cap: Double
    }

    private var began: Moment?
    private var before: [(ServerID, UInt64)] = []
    private var suspect: ServerID?
    private var spans = 0

    /// The server that gets too much; nil when none has for long enough.
    ///
    /// - Parameter parts: of those that serve without restriction.
    mutating func see(_ parts: [Part], at now: Moment) -> ServerID? {
        guard let began, before.map(\.0) == parts.map(\.server) else {
            // Others serve than before: shares are others too.
            restart(parts, at: now)
            (suspect, spans) = (nil, 0)
            return nil
        }
        if now - began >= AlarmLimits.shareSpan {
            judge(parts)
            restart(parts, at: now)
        }
        return spans >= AlarmLimits.shareSpans ? suspect : nil
    }

    private mutating func restart(_ parts: [Part], at now: Moment) {
        began = now
        before = parts.map { ($0.server, $0.requests) }
    }

    private mutating func judge(_ parts: [Part]) {
        let requests = zip(parts, before).map { $0.requests &- $1.1 }
        let sum = requests.reduce(0, &+)
        guard parts.count > 1, sum >= AlarmLimits.fewestRequests else { return (suspect, spans) = (nil, 0) }
        let weights = parts.reduce(0) { $0 + $1.weight }
        let caps = max(1, parts.reduce(0) { $0 + $1.cap })
        let excess = zip(parts, requests).first { part, count in
            let fair = max(part.weight / weights, part.cap / caps)
            return Double(count) > AlarmLimits.share * fair * Double(sum)
        }
        guard let server = excess?.0.server else { return (suspect, spans) = (nil, 0) }
        spans = server == suspect ? spans + 1 : 1
        suspect = server
    }
}
