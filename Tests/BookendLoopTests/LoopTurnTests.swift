import BookendCore
import BookendLoop
import Glibc
import ScriptedKernel
import Testing

@Suite("Loop: turns")
struct LoopTurnTests {
    private let kernel = ScriptedKernel()
    private let loop: Loop

    init() throws {
        kernel.virtualNow = Moment(nanoseconds: 123_456_789_000)
        loop = try Loop(kernel: kernel)
    }

    @Test("Who asks to go on goes on without waiting, once a turn, and others have their turn between")
    func fairness() throws {
        var order: [String] = []
        let (first, second) = (Probe(), Probe())
        for (name, probe) in [("first", first), ("second", second)] {
            loop.add(probe)
            probe.onResumed = { [loop] in
                order.append(name)
                if probe.resumptions < 3 { loop.resumeLater(probe) }
            }
            loop.resumeLater(probe)
        }
        let start = loop.now
        for _ in 0..<3 {
            order.append("turn")
            try loop.turn(limit: .seconds(9))
        }
        #expect(order == ["turn", "first", "second", "turn", "first", "second", "turn", "first", "second"])
        #expect(loop.now == start, "no wait while somebody has work")
        try loop.turn(limit: .seconds(9))
        #expect(loop.now == start + .seconds(9) && first.resumptions == 3)
    }

    @Test("Who asks twice goes on once")
    func twice() throws {
        let probe = Probe()
        loop.add(probe)
        for _ in 0..<3 { loop.resumeLater(probe) }
        try loop.turn(limit: .zero)
        try loop.turn(limit: .zero)
        #expect(probe.resumptions == 1)
        loop.resumeLater(probe)
        try loop.turn(limit: .zero)
        #expect(probe.resumptions == 2)
    }

    @Test("Who asks while handling an edge goes on after all that were ready with it, and after the next wait")
    func afterOthers() throws {
        let (left, right) = try socketPair()
        let probe = Probe()
        try loop.add(probe, stream: left)
        probe.onReady = { [loop] _ in loop.resumeLater(probe) }
        var waits: [Int] = []
        probe.onResumed = { [kernel] in waits.append(kernel.calls[.wait]!) }
        try loop.turn(limit: .zero)
        #expect(waits.isEmpty)
        try loop.turn(limit: .zero)
        #expect(waits == [2])
        loop.remove(probe)
        for descriptor in [left, right] { close(descriptor) }
    }

    @Test("A source that is removed is not resumed, and neither is its successor in the slot")
    func removed() throws {
        let (remover, victim, successor) = (Probe(), Probe(), Probe())
        loop.add(remover)
        loop.add(victim)
        remover.onResumed = { [loop] in
            loop.remove(victim)
            loop.add(successor)
        }
        loop.resumeLater(remover)
        loop.resumeLater(victim)
        try loop.turn(limit: .zero)
        #expect(victim.resumptions == 0 && successor.resumptions == 0)
        loop.resumeLater(successor)
        try loop.turn(limit: .zero)
        #expect(successor.resumptions == 1)
        loop.resumeLater(victim)
        let start = loop.now
        try loop.turn(limit: .seconds(1))
        #expect(loop.now == start + .seconds(1), "nobody's wish costs no turn")
    }

    @Test("A turn ends after edges, deadlines and resumptions; stop ends the run after the turn")
    func order() throws {
        var order: [String] = []
        let (left, right) = try socketPair()
        let probe = Probe()
        try loop.add(probe, stream: left)
        probe.onReady = { _ in order.append("edge") }
        probe.onDeadline = { [loop] in
            order.append("deadline")
            loop.stop()
        }
        probe.onResumed = { order.append("resumed") }
        loop.turnEnded = { order.append("end") }
        loop.setDeadline(loop.now, for: probe)
        loop.resumeLater(probe)
        kernel.virtualNow = loop.now + .seconds(1)
        try loop.run()
        #expect(order == ["edge", "deadline", "resumed", "end"])
        loop.remove(probe)
        for descriptor in [left, right] { close(descriptor) }
    }

    @Test("Slots are used again: many sources one after another need no more room than those that live together")
    func slots() throws {
        var living: [Probe] = []
        var random = SeededRandom(seed: 9)
        for _ in 0..<20_000 {
            if living.count < 10 || Bool.random(using: &random), living.count < 20 {
                living.append(Probe())
                loop.add(living.last!)
            } else {
                loop.remove(living.remove(at: .random(in: 0..<living.count, using: &random)))
            }
        }
        #expect(loop.count == living.count)
        for probe in living { loop.setDeadline(loop.now, for: probe) }
        kernel.virtualNow = loop.now + .seconds(1)
        try loop.turn(limit: .zero)
        #expect(living.allSatisfy { $0.deadlines == 1 })
    }
}
