import BookendConfig
import BookendLoop
import BookendProxy
import Glibc
import ScriptedKernel
import Testing

@testable import BookendControl
@testable import BookendCore

/// Orders for the agent of a server, on a clock of the test's own.
private final class Desk {
    let kernel = ScriptedKernel()
    let loop: Loop
    let desk: HookDesk
    private let ends: (supervisor: Int32, worker: Int32)
    private(set) var ended: [UInt64] = []

    init() throws {
        kernel.virtualNow = Moment(nanoseconds: 1_000_000_000)
        loop = try Loop(kernel: kernel)
        ends = try HookSocket.pair()
        let text = """
            listen: 127.0.0.1:0
            servers:
              web-01: { address: 127.0.0.1:9001, recycle: agent }
              web-02: 127.0.0.1:9002

            """
        let read = Configuration.parse(text: text, file: "bookend.yaml", environment: [:], isRoot: true)
        let current = CurrentPlan(try Plan(try #require(read.configuration)), workers: 1)
        desk = try HookDesk(current, socket: ends.worker, to: getppid(), on: loop)
        desk.ended = { [unowned self] _, hook, _ in ended.append(hook) }
    }

    deinit {
        close(ends.supervisor)
        close(ends.worker)
    }

    func pass(_ span: TimeSpan) throws {
        let end = loop.kernel.now() + span
        while loop.kernel.now() < end { try loop.turn(limit: end - loop.kernel.now()) }
    }
}

@Suite("Orders that agents take")
struct HookDeskTests {
    private let server = ServerID(index: 0)

    @Test("What is still heard of the last hook leaves the order for the next one where it is")
    func lastHook() throws {
        let bench = try Desk()
        let desk = bench.desk
        desk.run(server, 1, why: "a leak")
        #expect(desk.order(for: server)?.hook == 1)
        try bench.pass(.seconds(60))
        #expect(bench.ended == [1])
        desk.run(server, 2, why: "a leak")
        desk.said(HookReport(running: 1), of: server)
        #expect(desk.order(for: server)?.hook == 2)
        desk.said(HookReport(HookResult(.code(0), output: ""), of: 1), of: server)
        #expect(desk.order(for: server)?.hook == 2 && bench.ended == [1, 1])
        desk.said(HookReport(running: 2), of: server)
        #expect(desk.order(for: server) == nil)
        desk.said(HookReport(HookResult(.code(0), output: ""), of: 2), of: server)
        #expect(bench.ended == [1, 1, 2])
    }

    @Test("An order that was handed out late is not given up before the agent can have said that it runs")
    func handedOutLate() throws {
        let bench = try Desk()
        let desk = bench.desk
        desk.run(server, 1, why: "a leak")
        try bench.pass(.milliseconds(4_900))
        #expect(desk.order(for: server)?.hook == 1)
        try bench.pass(.milliseconds(4_900))
        #expect(bench.ended.isEmpty)
        #expect(desk.order(for: server) == nil, "no agent takes it so late any more")
        desk.said(HookReport(running: 1), of: server)
        try bench.pass(.seconds(60))
        #expect(bench.ended.isEmpty)
        desk.said(HookReport(HookResult(.code(0), output: ""), of: 1), of: server)
        #expect(bench.ended == [1])
    }

    @Test("An order that no agent takes is given up in seconds, once, whether an agent was told of it or not")
    func nobody() throws {
        let bench = try Desk()
        let desk = bench.desk
        desk.run(server, 1, why: "a leak")
        try bench.pass(.milliseconds(5_100))
        #expect(bench.ended == [1] && desk.order(for: server) == nil)
        desk.run(server, 2, why: "a leak")
        for _ in 0..<60 {
            _ = desk.order(for: server)
            try bench.pass(.milliseconds(250))
        }
        #expect(bench.ended == [1, 2])
        desk.run(ServerID(index: 1), 3, why: "a leak")
        try bench.pass(.milliseconds(10))
        #expect(bench.ended == [1, 2, 3], "no hook is configured")
    }
}
