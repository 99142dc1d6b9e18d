import BookendCore
import BookendHTTP
import BookendLab
import BookendLoop
import Testing

/// Over real sockets to a server in this process. One at a time: they measure.
@Suite("A load run", .serialized)
struct LoadRunTests {
    private func plan(
        to port: UInt16, paths: [String] = ["/ok"], pace: LoadPlan.Pace, requests: Int? = nil, threads: Int = 1,
        connections: Int = 64, outstanding: Int = 1_000, reuses: Bool = true, timeout: TimeSpan = .seconds(5),
        header: String? = nil, method: String = "GET", body: [UInt8]? = nil
    ) throws -> LoadPlan {
        let shape = RequestText.Shape(
            method: method, authority: "127.0.0.1:\(port)", headers: [], body: body, keepsConnection: reuses)
        return LoadPlan(
            address: SocketAddress(ipv4: (127, 0, 0, 1), port: port), method: method == "GET" ? .get : .post,
            mix: try RequestMix(shape, paths: paths), pace: pace, requests: requests, threads: threads,
            connections: connections, outstanding: outstanding, reusesConnections: reuses, timeout: timeout,
            lateAfter: .milliseconds(1), countedHeader: header, seed: 1)
    }

    private func run(_ plan: LoadPlan) throws -> LoadTally {
        var seconds = LoadProgress()
        let tally = try LoadRun(plan).run { seconds.add($0) }
        #expect(tally.isComplete, "every request that was due is accounted for")
        #expect(seconds.due == tally.due && seconds.answered == tally.answered && seconds.errors == tally.errors)
        return tally
    }

    private func open(_ text: String) throws -> LoadPlan.Pace { .open(try RateSchedule(text: text), .even) }

    @Test("sends exactly what the schedule says, over few connections, and counts every answer", arguments: [1, 3])
    func counts(threads: Int) throws {
        let server = try TinyServer()
        defer { server.stop() }
        let tally = try run(
            plan(
                to: server.port, paths: ["/web-01", "3:/web-02"], pace: open("200ms@1000,200ms@1000-2000"),
                threads: threads, connections: 6, header: "server-name"))
        #expect(tally.due == 500 && tally.sent == 500 && server.requests == 500)
        #expect(tally.statuses.map(\.status) == [200] && tally.good.count == 500)
        #expect(tally.bodyBytes == 2_500 && tally.errors == 0)
        #expect(tally.connections <= 6)
        let values = tally.header?.values.sorted { $0.text < $1.text }.map { "\($0.text) \($0.count)" }
        #expect(values == ["web-01 125", "web-02 375"])
    }

    @Test("a server that stalls for a second is seen in the percentiles, as its users would see it")
    func coordinatedOmission() throws {
        // 1.5 s at 400/s; the server is away from 0.25 s to 1.25 s: 400 of 600 users meet the stall.
        let server = try TinyServer(stall: (after: 100, length: .seconds(1)))
        defer { server.stop() }
        let tally = try run(plan(to: server.port, pace: open("1500ms@400"), connections: 4))
        #expect(tally.answered == 600 && tally.errors == 0)
        #expect(tally.latency.max >= .milliseconds(900))
        // Their waits are spread evenly from 0 to 1 s: a third of all wait for more than half a second.
        #expect(tally.latency.quantile(0.70) >= .milliseconds(400))
        #expect(tally.latency.quantile(0.90) >= .milliseconds(700))
        // Who measures from the send sees the four requests that were under way, and calls it a good day.
        #expect(tally.fromSend.quantile(0.90) <= .milliseconds(100))
        #expect(tally.queued > 300)
    }

    @Test("requests beyond the outstanding limit are counted, not sent and not forgotten")
    func outstandingLimit() throws {
        let server = try TinyServer()
        defer { server.stop() }
        let tally = try run(
            plan(
                to: server.port, paths: ["/silent"], pace: open("200ms@500"), outstanding: 10,
                timeout: .milliseconds(900)))
        #expect(tally.due == 100 && tally.notSent == 90 && tally.count(.timeout) == 10)
        #expect(tally.errorShare == 1)
    }

    @Test(
        "each way to fail has its own count",
        arguments: [
            (.half, .closedEarly), (.reset, .reset), (.silent, .timeout), (.malformed, .malformed),
        ] as [(TinyServer.Deed, FailureKind)])
    func failures(deed: TinyServer.Deed, kind: FailureKind) throws {
        let server = try TinyServer()
        defer { server.stop() }
        let tally = try run(
            plan(to: server.port, paths: ["/\(deed.rawValue)"], pace: open("50ms@200"), timeout: .milliseconds(200)))
        #expect(tally.count(kind) == 10 && tally.failed == 10 && tally.errors == 10)
        #expect(tally.elapsed < .seconds(2))
    }

    @Test("a reused connection that closes without an answer is told from one that breaks an answer off")
    func closedReused() throws {
        let server = try TinyServer()
        defer { server.stop() }
        let tally = try run(plan(to: server.port, paths: ["/once"], pace: open("200ms@50"), connections: 1))
        #expect(tally.good.count == 5 && tally.count(.closedReused) == 5 && tally.connections == 5)
    }

    @Test("nobody there: every request fails at once")
    func refused() throws {
        let server = try TinyServer()
        server.stop()
        let tally = try run(plan(to: server.port, pace: open("50ms@200")))
        #expect(tally.count(.connectRefused) == 10 && tally.connections == 0)
    }

    @Test(
        "answers come whole whatever their framing", arguments: [TinyServer.Deed.chunked, .untilClose, .last, .surplus])
    func framings(deed: TinyServer.Deed) throws {
        let server = try TinyServer()
        defer { server.stop() }
        let tally = try run(plan(to: server.port, paths: ["/\(deed.rawValue)"], pace: open("50ms@200")))
        #expect(tally.good.count == 10 && tally.errors == 0)
        #expect(tally.bodyBytes == (deed == .chunked || deed == .untilClose ? 50 : 0))
        #expect(tally.connections == 10 || deed == .chunked)
        #expect(tally.surplus == (deed == .surplus ? 10 : 0))
    }

    @Test("a status from 400 on is an answer and an error")
    func errorStatus() throws {
        let server = try TinyServer()
        defer { server.stop() }
        let tally = try run(plan(to: server.port, paths: ["/ok", "/error"], pace: open("50ms@200")))
        #expect(tally.good.count == 5 && tally.bad.count == 5 && tally.errorShare == 0.5)
    }

    @Test("a new connection for every request, if asked for")
    func newConnections() throws {
        let server = try TinyServer()
        defer { server.stop() }
        let tally = try run(plan(to: server.port, pace: open("100ms@200"), reuses: false))
        #expect(tally.good.count == 20 && tally.connections == 20)
    }

    @Test("a body larger than any buffer is sent whole")
    func largeBody() throws {
        let server = try TinyServer()
        defer { server.stop() }
        let body = [UInt8](repeating: UInt8(ascii: "x"), count: 300_000)
        let tally = try run(
            plan(
                to: server.port, paths: ["/silent"], pace: open("1s@1"), requests: 1, timeout: .milliseconds(300),
                method: "POST", body: body))
        #expect(tally.bytesSent > 300_000 && tally.bytesSent < 300_200)
    }

    @Test("a closed loop sends its number, so many at a time")
    func closedLoop() throws {
        let server = try TinyServer()
        defer { server.stop() }
        let tally = try run(
            plan(
                to: server.port, pace: .closed(concurrency: 8, length: .seconds(5)), requests: 1_000, threads: 2,
                connections: 8, outstanding: 8))
        #expect(tally.due == 1_000 && tally.good.count == 1_000 && tally.connections == 8)
    }

    @Test("stopped early, it ends at once and says what was cut off")
    func stopping() throws {
        let server = try TinyServer()
        defer { server.stop() }
        let stopSwitch = StopSwitch()
        let plan = try plan(to: server.port, paths: ["/silent"], pace: open("60s@100"), timeout: .seconds(60))
        var first: LoadProgress?
        let tally = try LoadRun(plan, stopSwitch: stopSwitch).run { progress in
            first = first ?? progress
            stopSwitch.stop()
        }
        #expect(first?.sent == 64 && (first?.outstanding ?? 0) > 64)
        #expect(tally.isComplete && tally.unfinished == tally.due && tally.errors == 0 && tally.errorShare == 0)
        #expect(tally.due < 200)
    }
}
