import Testing

@testable import BookendControl

@Suite("The time of day")
struct WallTimeTests {
    @Test("It is written as RFC 3339 has it, and read back")
    func roundTrip() {
        let time = WallTime(microseconds: 1_795_224_360_123_456)
        #expect(time.description == "2026-11-21T01:26:00.123456Z" && time.inMilliseconds == "2026-11-21T01:26:00.123Z")
        #expect(WallTime(time.description) == time)
        #expect(WallTime("2026-11-21T01:26:00Z")?.microseconds == 1_795_224_360_000_000)
        #expect(WallTime("2026-11-21T01:26:00.5Z")?.microseconds == 1_795_224_360_500_000)
    }

    @Test(
        "What is no time in UTC is none",
        arguments: [
            "", "Z", "2026-11-21", "2026-11-21T01:26:00", "2026-11-21T01:26:00+01:00", "2026-13-21T01:26:00Z",
            "2026-11-21 01:26:00Z", "2026-11-21T25:26:00Z", "-026-11-21T01:26:00Z", "2026-11-21T01:26:00.Z",
            "2026-11-21T01:26:000Z", "2026-11-21T01:26:00.1x3Z",
        ])
    func refused(text: String) {
        #expect(WallTime(text) == nil)
    }

    @Test("It ends nowhere", arguments: [Int64.max, .min])
    func saturates(seconds: Int64) {
        _ = WallTime.now.plus(seconds: seconds)
        #expect(!WallTime(microseconds: .max).description.isEmpty && !WallTime(microseconds: .min).description.isEmpty)
    }
}
