import BookendCore
import BookendLoop
import Testing

@testable import BookendControl

@Suite("What a service manager is told")
struct HeartbeatTests {
    /// Turns the loop for a while.
    private func turn(_ loop: Loop, for span: TimeSpan) throws {
        let end = loop.kernel.now() + span
        while loop.kernel.now() < end { try loop.turn(limit: end - loop.kernel.now()) }
    }

    @Test("The heart beats while all workers answer, not while one does not, and again when it does")
    func beats() throws {
        let loop = try Loop()
        var beats = 0
        var asked = [0, 0]
        var silent: (@Sendable () -> Void)?
        var isSilent = false
        _ = try Heartbeat(
            workers: 2, every: .milliseconds(5), on: loop,
            ask: { worker, heard in
                asked[worker] += 1
                if worker == 1, isSilent { silent = heard } else { heard() }
            }, beat: { beats += 1 })
        try turn(loop, for: .milliseconds(200))
        #expect(beats > 2)
        isSilent = true
        try turn(loop, for: .milliseconds(50))
        let (before, questions) = (beats, asked)
        try turn(loop, for: .milliseconds(200))
        #expect(beats == before, "no beat without an answer")
        #expect(asked == questions, "no question on top of one that is not answered")
        isSilent = false
        silent?()
        try turn(loop, for: .milliseconds(200))
        #expect(beats > before)
    }

    @Test("Only the process that is watched is asked for, and only an interval that is one")
    func interval() {
        func interval(_ environment: [String: String]) -> TimeSpan? {
            ServiceManager.watchdogInterval(environment, of: 42)
        }
        #expect(interval(["WATCHDOG_USEC": "2000000"]) == .seconds(2))
        #expect(interval(["WATCHDOG_USEC": "2000000", "WATCHDOG_PID": "42"]) == .seconds(2))
        #expect(interval(["WATCHDOG_USEC": "2000000", "WATCHDOG_PID": "43"]) == nil)
        for odd in ["", "0", "-1", "2s", "9223372036854775807", "99999999999999999999"] {
            #expect(interval(["WATCHDOG_USEC": odd]) == nil)
        }
        #expect(interval([:]) == nil)
    }

    @Test("The packaged unit allows what the default of `memory` needs")
    func memory() throws {
        let unit = try PackagedUnit.bookend()
        #expect(unit.contains("\nMemoryMax=\(MemoryPlan.serviceLimit(.mebibytes(256)).bytes >> 20)M\n"))
    }
}
