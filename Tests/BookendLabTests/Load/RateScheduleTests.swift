import BookendCore
import Testing

@testable import BookendLab

@Suite("Rate schedule")
struct RateScheduleTests {
    @Test("says how many requests are due in all, and how long it lasts")
    func totals() throws {
        let schedule = try RateSchedule(text: "10s@200,30s@1000,10s@200-1000")
        #expect(schedule.segments.count == 3)
        #expect(schedule.expected == 2_000 + 30_000 + 6_000)
        #expect(schedule.length == .seconds(50))
        #expect(schedule.peak == 1_000)
    }

    @Test(
        "inverts its own integral: the n-th request is due when n requests are expected",
        arguments: [
            "4s@100", "4s@0-100", "4s@100-0", "4s@100-100.001", "1s@10,1s@0,1s@30-10", "500ms@1000,1.5s@5-7",
        ])
    func inverse(text: String) throws {
        let schedule = try RateSchedule(text: text)
        var segment = 0
        for number in 0..<Int(schedule.expected) {
            let time = try #require(schedule.time(of: Double(number), from: &segment))
            #expect(abs(expected(schedule, until: time.inSeconds) - Double(number)) < 0.001)
        }
        #expect(schedule.time(of: schedule.expected, from: &segment) == nil)
    }

    /// By adding up small steps, independent of the formula under test.
    private func expected(_ schedule: RateSchedule, until seconds: Double) -> Double {
        var sum = 0.0
        var start = 0.0
        for segment in schedule.segments {
            let length = segment.length.inSeconds
            let part = min(max(seconds - start, 0), length)
            let rate = segment.from + (segment.to - segment.from) * part / length
            sum += (segment.from + rate) / 2 * part
            start += length
        }
        return sum
    }

    @Test(
        "refuses what is no schedule",
        arguments: [
            ("", .malformed("")), ("10s", .malformed("10s")), ("10@5", .malformed("10@5")),
            ("10s@", .malformed("10s@")),
            ("10s@1-2-3", .malformed("10s@1-2-3")), ("10s@5,", .malformed("")), ("10s@nan", .rate),
            ("10s@-5", .malformed("10s@-5")),
            ("0s@5", .noLength), ("10s@2e6", .rate), ("24h@1,1s@1", .tooLong), ("5s@0", .nothing),
            ("1s@x", .malformed("1s@x")),
        ] as [(String, ScheduleProblem)])
    func refusals(text: String, problem: ScheduleProblem) {
        #expect(throws: problem) { try RateSchedule(text: text) }
    }

    @Test("reads durations as people write them")
    func spans() {
        #expect(TimeSpan(loadText: "250ms") == .milliseconds(250))
        #expect(TimeSpan(loadText: "1.5s") == .milliseconds(1_500))
        #expect(TimeSpan(loadText: "5m") == .seconds(300))
        #expect(TimeSpan(loadText: "24h") == .seconds(86_400))
        for text in ["", "s", "5", "5 s", "-5s", "1e3s", "25h", "5d", "..s", "٥s"] {
            #expect(TimeSpan(loadText: text) == nil, "\(text)")
        }
    }
}
