import BookendConfig
import BookendCore
import Foundation

/// `GET /v1/journal?since=1h&after=ID&limit=N`: what happened, the oldest first, a page at a time.
struct JournalRoute {
    static let path = "/v1/journal"
    /// Seconds.
    private static let usual: Int64 = 86_400

    private let link: StoreLink

    init(_ link: StoreLink) {
        self.link = link
    }

    func answer(_ text: String, reply: @escaping (AdminAnswer) -> Void) {
        let query: JournalQuery
        do {
            query = try Self.query(text, at: .now)
        } catch {
            return reply(.problem(400, "\(error)"))
        }
        link.ask {
            .page(query, ticket: $0)
        } answered: { answer in
            guard case .page(let page?, _) = answer else {
                return reply(.problem(503, "the journal cannot be read now; GET /v1/status says why, under `store`"))
            }
            reply(.json(page))
        }
    }

    /// What is asked for cannot be understood, in words.
    struct Misunderstood: Error, CustomStringConvertible {
        let description: String
    }

    static func query(_ text: String, at now: WallTime) throws(Misunderstood) -> JournalQuery {
        var since = now.plus(seconds: -usual)
        var after: Int64 = 0
        var limit = StoreLimits.pageEntries
        for pair in text.split(separator: "&") {
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            let value = parts.count == 2 ? String(parts[1]).removingPercentEncoding ?? "" : ""
            switch parts[0] {
            case "since":
                guard let moment = time(value, before: now) else {
                    throw Misunderstood(description: "since is a time (2026-11-21T01:26:00Z) or so long ago (1h)")
                }
                since = moment
            case "after":
                guard let id = Int64(value), id >= 0 else {
                    throw Misunderstood(description: "after is the id of an entry")
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
        return JournalQuery(since: since, after: after, limit: limit)
    }

    static func time(_ text: String, before now: WallTime) -> WallTime? {
        if let time = WallTime(text) { return time }
        guard let span = TimeSpan(written: text) else { return nil }
        return now.plus(seconds: -(span.nanoseconds / 1_000_000_000))
    }
}
