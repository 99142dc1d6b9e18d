import BookendCore
import BookendHTTP
import BookendLoop
import Testing

@testable import BookendLab

@Suite("Report of a load run")
struct LoadReportTests {
    private func result(_ tally: LoadTally, maxErrorShare: Double? = nil, closed: Bool = false) throws -> LoadResult {
        let shape = RequestText.Shape(method: "GET", authority: "a", headers: [], body: nil, keepsConnection: true)
        let plan = LoadPlan(
            address: SocketAddress(), method: .get, mix: try RequestMix(shape, paths: ["/"]),
            pace: closed
                ? .closed(concurrency: 3, length: .seconds(2)) : .open(try RateSchedule(text: "2s@500"), .even),
            requests: nil, threads: 1, connections: 10, outstanding: 20, reusesConnections: true,
            timeout: .seconds(1), lateAfter: .milliseconds(1), countedHeader: "Server-Name", seed: 1)
        return LoadResult(
            url: "http://a/", plan: plan, tally: tally, isInterrupted: false, maxErrorShare: maxErrorShare)
    }

    private func tally() -> LoadTally {
        var tally = LoadTally(countingHeader: "Server-Name")
        tally.due = 1_000
        for index in 0..<990 {
            tally.delay.record(.microseconds(20))
            tally.answer(
                status: index < 980 ? 200 : 503, latency: .microseconds(index < 980 ? 1_230 : 45_600),
                fromSend: .microseconds(412), isInTime: index < 900)
        }
        for _ in 0..<6 { tally.fail(.timeout) }
        tally.notSent = 4
        tally.sent = 996
        tally.connections = 10
        return tally
    }

    @Test("accounts for every request and tells errors from answers")
    func sums() throws {
        let tally = tally()
        #expect(tally.isComplete)
        #expect(tally.errors == 20 && tally.errorShare == 0.02)
        let summary = LoadSummary(try result(tally, maxErrorShare: 0.01), seconds: [])
        #expect(summary.codes == ["200": 980, "503": 10] && summary.failures["timeout"] == 6)
        #expect(summary.answeredPerSecond == 450 && summary.duePerSecond == 500)
        #expect(summary.promiseKept == false && summary.successLatencyMs.count == 980)
        #expect(try result(tally, maxErrorShare: 0.02).promiseKept)
        #expect(try result(tally).promiseKept)
    }

    @Test("adds threads up")
    func adding() throws {
        var sum = LoadTally(countingHeader: "Server-Name")
        sum.add(tally())
        sum.add(tally())
        #expect(sum.isComplete && sum.due == 2_000 && sum.errors == 40 && sum.count(.timeout) == 12)
        #expect(sum.statuses.map(\.count) == [1_960, 20])
    }

    @Test("is a table that names what is wrong")
    func table() throws {
        let text = LoadTable(try result(tally(), maxErrorShare: 0.01)).text
        #expect(text.contains("1,000 requests in 2.0 s: 500.0/s due, 450.0/s answered"))
        #expect(text.contains("status 503                                        10    1.00%"))
        #expect(text.contains("no answer in time                                  6    0.60%"))
        #expect(text.contains("not sent: too many outstanding                     4    0.40%"))
        #expect(text.contains("errors: 20, 2.00%: MORE than 1.00%"))
        #expect(text.contains("1.23ms") && text.contains("45.6ms") && text.contains("412us"))
        #expect(text.split(separator: "\n").allSatisfy { $0.count <= 120 })
        #expect(!text.contains("KEEP UP"))
    }

    @Test("says when the generator was late, and that a closed loop is one")
    func warnings() throws {
        var late = tally()
        late.late = 11
        late.delay.record(.milliseconds(7))
        #expect(
            LoadTable(try result(late)).text.contains("late by more than 1ms for 11 sends (1.10%), by 7.00ms at most"))
        #expect(LoadTable(try result(late)).text.contains("DID NOT KEEP UP"))
        #expect(LoadTable(try result(tally(), closed: true)).text.contains("CLOSED loop, 3 at a time"))
    }

    @Test("writes figures with three digits or more")
    func figures() {
        let spans: [(Int64, String)] = [
            (0, "0us"), (412_000, "412us"), (999_400, "999us"), (999_600, "1.00ms"), (9_994_000, "9.99ms"),
            (9_996_000, "10.0ms"), (99_960_000, "100ms"), (999_600_000, "1.00s"), (61_234_000_000, "61.23s"),
        ]
        for (nanoseconds, text) in spans { #expect(Figures.latency(TimeSpan(nanoseconds: nanoseconds)) == text) }
        #expect(Figures.grouped(1_234_567) == "1,234,567" && Figures.grouped(0) == "0" && Figures.grouped(999) == "999")
        #expect(Figures.fixed(1_234.005, 1) == "1,234.0" && Figures.fixed(0.05, 2) == "0.05")
        #expect(Figures.share(1, of: 3) == "33.33%" && Figures.share(1, of: 1_000_000) == "<0.01%")
        #expect(Figures.bytes(1_536) == "1.5 KiB")
    }

    @Test("shows a second in one line")
    func progress() {
        var second = LoadProgress()
        (second.elapsed, second.span) = (.seconds(12), .seconds(1))
        (second.sent, second.answered, second.errors, second.outstanding) = (500, 498, 2, 3)
        #expect(second.line == "  12s  500/s sent  498/s answered  2 errors  3 outstanding")
    }
}
