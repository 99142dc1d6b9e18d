import Testing

@testable import BookendControl

@Suite("Asking for the journal")
struct JournalQueryTests {
    private let now = WallTime(microseconds: 1_795_224_360_000_000)

    @Test("Without anything it is the last day; since takes a length of time or a time")
    func since() throws {
        #expect(try JournalQuery("", at: now).since == now.plus(seconds: -86_400))
        #expect(try JournalQuery("since=2h", at: now).since == now.plus(seconds: -7_200))
        #expect(try JournalQuery("since=2026-11-21T01%3A20%3A00Z", at: now).since == now.plus(seconds: -360))
        let query = try JournalQuery("after=7&limit=10", at: now)
        #expect(query.after == 7 && query.limit == 10)
    }

    @Test("The description of since takes what is taken, and nothing else")
    func described() throws {
        let pattern = try Regex(JournalQuery.timePattern)
        for text in ["1h", "250ms", "0s", "0", "999999h", "2026-11-21T01:20:00Z", "2026-02-28T23:59:59.123456Z"] {
            #expect(text.wholeMatch(of: pattern) != nil && JournalQuery.time(text, before: now) != nil, "\(text)")
        }
        for text in ["", "1", "h", "1d", "-1h", "2026-11-21", "2026-11-21T25:00:00Z", "2026-11-21T01:20:00+01:00"] {
            #expect(text.wholeMatch(of: pattern) == nil && JournalQuery.time(text, before: now) == nil, "\(text)")
        }
    }

    @Test(
        "What cannot be understood is said",
        arguments: [
            "since=yesterday", "since=", "since", "after=-1", "after=99999999999999999999", "limit=0", "limit=1001",
            "x=1",
            "since=%zz",
        ])
    func refused(text: String) {
        #expect(throws: JournalQuery.Misunderstood.self) { try JournalQuery(text, at: now) }
    }
}
