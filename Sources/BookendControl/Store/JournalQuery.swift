import BookendConfig
import BookendCore
import Foundation

/// Which entries of the journal are wanted.
public struct JournalQuery: Sendable {
    /// Nil for all that is kept.
    let since: WallTime?
    /// Only entries with a larger id.
    let after: Int64
    let limit: Int
}

// MARK: - As text

extension JournalQuery {
    /// What is asked for cannot be understood, in words.
    struct Misunderstood: Error, CustomStringConvertible {
        let description: String
    }

    /// That every program can read as a number: a whole number of 53 bits (RFC 8259, section 6).
    static let largestID: Int64 = 1 << 53

    /// How far back, when nothing is said; seconds.
    private static let usual: Int64 = 86_400

    /// What `since` takes, for the description of the admin API.
    static let timePattern =
        #"^(0|[0-9]{1,6}(ms|s|m|h)|20[0-9]{2}-(0[1-9]|1[0-2])-(0[1-9]|1[0-9]|2[0-8])T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](\.[0-9]{1,6})?Z)$"#

    /// - Parameter text: the query of `GET /v1/journal`.
    init(_ text: String, at now: WallTime) throws(Misunderstood) {
        var since = now.plus(seconds: -Self.usual)
        var after: Int64 = 0
        var limit = StoreLimits.pageEntries
        for pair in text.split(separator: "&") {
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            let value = parts.count == 2 ? String(parts[1]).removingPercentEncoding ?? "" : ""
            switch parts[0] {
            case "since":
                guard let moment = Self.time(value, before: now) else {
                    throw Misunderstood(description: "since is a time (2026-11-21T01:26:00Z) or so long ago (1h)")
                }
                since = moment
            case "after":
                guard let id = Int64(value), (0...Self.largestID).contains(id) else {
                    throw Misunderstood(description: "after is the id of an event")
                }
                after = id
            case "limit":
                guard let count = Int(value), (1...StoreLimits.pageEntries).contains(count) else {
                    throw Misunderstood(description: "limit is a number from 1 to \(StoreLimits.pageEntries)")
                }
                limit = count
            default: throw Misunderstood(description: "there is no \(parts[0]); there are since, after and limit")
            }
        }
        self.init(since: since, after: after, limit: limit)
    }

    /// - Parameter text: a time, or a length of time before now.
    static func time(_ text: String, before now: WallTime) -> WallTime? {
        if let time = WallTime(text) { return time }
        guard let span = TimeSpan(written: text) else { return nil }
        return now.plus(TimeSpan(nanoseconds: -span.nanoseconds))
    }
}
