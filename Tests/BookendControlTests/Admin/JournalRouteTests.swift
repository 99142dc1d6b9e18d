import Testing

@testable import BookendControl

@Suite("Asking for the journal")
struct JournalRouteTests {
    private let now = WallTime(microseconds: 1_795_224_360_000_000)

    @Test("Without anything it is the last day; since takes a length of time or a time")
    func since() throws {
        #expect(try JournalRoute.query("", at: now).since == now.plus(seconds: -86_400))
        #expect(try JournalRoute.query("since=2h", at: now).since == now.plus(seconds: -7_200))
        #expect(try JournalRoute.query("since=2026-11-21T01%3A20%3A00Z", at: now).since == now.plus(seconds: -360))
        let query = try JournalRoute.query("after=7&limit=10", at: now)
        #expect(query.after == 7 && query.limit == 10)
    }

    @Test(
        "What cannot be understood is said",
        arguments: [
            "since=yesterday", "since=", "since", "after=-1", "after=99999999999999999999", "limit=0", "limit=1001",
            "x=1",
            "since=%zz",
        ])
    func refused(text: String) {
        #expect(throws: JournalRoute.Misunderstood.self) { try JournalRoute.query(text, at: now) }
    }
}
