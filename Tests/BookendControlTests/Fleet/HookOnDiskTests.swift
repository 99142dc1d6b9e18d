import BookendConfig
import BookendLoop
import BookendProxy
import Dispatch
import Glibc
import Testing

@testable import BookendControl
@testable import BookendCore

@Suite("Hooks and the disk")
struct HookOnDiskTests {
    private let server = ServerID(index: 0)

    /// Lets the loop work until something holds, or too long.
    private func turn(_ loop: Loop, atMost span: TimeSpan, until isDone: () -> Bool) throws {
        let end = loop.kernel.now() + span
        while !isDone(), loop.kernel.now() < end { try loop.turn(limit: .milliseconds(20)) }
    }

    @Test("A hook is ordered when it is on disk that its server is out: whoever comes after a crash knows it")
    func waitsForTheDisk() throws {
        let bench = try StoreBench()
        let store = try bench.store()
        let loop = try Loop()
        let text = """
            listeners: [{ bind: "127.0.0.1:0", pool: main }]
            pools:
              main:
                health: off
                servers: { web-01: { address: 127.0.0.1:9001, recycle: agent }, web-02: 127.0.0.1:9002 }
            """
        let read = Configuration.parse(text: text, file: "bookend.yaml", environment: [:], isRoot: true)
        let plan = try Plan(try #require(read.configuration))
        let current = CurrentPlan(plan, workers: 1)
        let clock = { [unowned loop] in WallTime(unixNanoseconds: loop.kernel.wallClock()) }
        let ends = try HookSocket.pair()
        defer {
            close(ends.supervisor)
            close(ends.worker)
        }
        let desk = try HookDesk(current, socket: ends.worker, to: getpid(), on: loop)
        let link = try StoreLink(store, on: loop)
        let events = Events(store, on: loop)
        let runner = FleetRunner(
            current, SharedSigns(servers: plan.room.servers, workers: 1),
            WaitingCounts(pools: plan.room.pools, workers: 1), KnownServers(current, store, clock: clock),
            KeptLeases(current, store, link, clock: clock), FleetEvents(current, events, on: loop), desk, on: loop)
        runner.start([])
        defer { withExtendedLifetime((runner, events)) {} }
        // The disk takes its time: somebody else's lease.
        let disk = DispatchSemaphore(value: 0)
        store.take(.lease(bench.lease("web-02", "slow"), ticket: 0)) { _ in _ = disk.wait(timeout: .now() + 20) }
        _ = try runner.recycle([server], by: "ada", why: "a leak").get()
        try turn(loop, atMost: .seconds(10)) { runner.machine.recycle(of: server)?.phase == .hook }
        #expect(runner.machine.recycle(of: server)?.phase == .hook && !runner.isKept(server))
        try turn(loop, atMost: .milliseconds(300)) { desk.order(for: server) != nil }
        #expect(desk.order(for: server) == nil, "after a crash nobody would know that it is out")
        disk.signal()
        try turn(loop, atMost: .seconds(10)) { desk.order(for: server) != nil }
        #expect(desk.order(for: server)?.hook == runner.machine.recycle(of: server)?.hook && runner.isKept(server))
        store.finish()
    }
}
