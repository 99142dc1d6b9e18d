import Testing

@testable import BookendProxy

@Suite("The time of day")
struct CivilTimeTests {
    private func text(_ seconds: UInt64, _ write: (CivilTime, inout OutputSpan<UInt8>) -> Void) -> String {
        let time = CivilTime(unixNanoseconds: seconds * 1_000_000_000 + 45_000_000)
        return String(decoding: [UInt8](capacity: 64) { write(time, &$0) }, as: UTF8.self)
    }

    @Test(
        "Days are counted through leap years and centuries",
        arguments: [
            (0, "1970-01-01T00:00:00.045Z"), (951_782_400, "2000-02-29T00:00:00.045Z"),
            (1_795_224_360, "2026-11-21T01:26:00.045Z"), (2_147_483_647, "2038-01-19T03:14:07.045Z"),
            (4_107_542_400, "2100-03-01T00:00:00.045Z"),
        ] as [(UInt64, String)])
    func timestamps(seconds: UInt64, expected: String) {
        #expect(text(seconds) { $0.appendTimestamp(to: &$1) } == expected)
        #expect(Timestamp.text(seconds * 1_000_000_000 + 45_000_000) == expected)
    }

    @Test("Dates have the form of HTTP and of Apache's log")
    func forms() {
        #expect(text(1_795_224_360) { $0.appendHTTPDate(to: &$1) } == "Sat, 21 Nov 2026 01:26:00 GMT")
        #expect(text(1_795_224_360) { $0.appendLogTime(to: &$1) } == "21/Nov/2026:01:26:00 +0000")
    }
}
