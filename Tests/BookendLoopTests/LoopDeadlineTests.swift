import BookendCore
import BookendLoop
import Glibc
import ScriptedKernel
import Testing

@Suite("Loop: deadlines")
struct LoopDeadlineTests {
    private static let tick = TimeSpan.milliseconds(4)
    private let kernel = ScriptedKernel()
    private let loop: Loop

    init() throws {
        kernel.virtualNow = Moment(nanoseconds: 123_456_789_000)
        loop = try Loop(kernel: kernel)
    }

    private func probe(due span: TimeSpan?) -> Probe {
        let probe = Probe()
        loop.add(probe)
        if let span { loop.setDeadline(loop.now + span, for: probe) }
        return probe
    }

    @Test(
        "The loop sleeps until a deadline, not past it and not in many steps",
        arguments: [
            1, 3, 4, 5, 255, 256, 257, 16_383, 16_384, 16_385, 1_048_576, 4_000_000, 90_000_000,
        ] as [Int64])
    func sleeps(milliseconds: Int64) throws {
        let due = loop.now + .milliseconds(milliseconds)
        let probe = probe(due: .milliseconds(milliseconds))
        while probe.deadlines == 0, kernel.calls[.wait, default: 0] < 12 { try loop.turn() }
        #expect(probe.deadlines == 1)
        #expect(loop.now >= due && loop.now <= due + Self.tick)
    }

    @Test("A limit ends the wait before the deadline does")
    func limit() throws {
        let probe = probe(due: .seconds(10))
        let start = loop.now
        try loop.turn(limit: .milliseconds(7))
        #expect(loop.now == start + .milliseconds(7) && probe.deadlines == 0)
        try loop.turn(limit: .zero)
        #expect(loop.now == start + .milliseconds(7))
    }

    @Test("A deadline fires once; set again inside its own callback it fires again, in a later turn")
    func again() throws {
        let probe = probe(due: .milliseconds(10))
        probe.onDeadline = { [loop] in loop.setDeadline(loop.now, for: probe) }
        try loop.turn()
        #expect(probe.deadlines == 1)
        try loop.turn()
        #expect(probe.deadlines == 2)
        probe.onDeadline = {}
        for _ in 0..<5 { try loop.turn(limit: .seconds(1)) }
        #expect(probe.deadlines == 3)
    }

    @Test("A deadline taken back does not fire")
    func takenBack() throws {
        let probe = probe(due: .milliseconds(10))
        loop.setDeadline(.distantFuture, for: probe)
        try loop.turn(limit: .seconds(1))
        try loop.turn(limit: .seconds(1))
        #expect(probe.deadlines == 0)
    }

    @Test("An edge of the same turn may still move a deadline that has passed")
    func edgeFirst() throws {
        let (left, right) = try socketPair()
        let probe = Probe()
        try loop.add(probe, stream: left)
        loop.setDeadline(loop.now + .milliseconds(10), for: probe)
        probe.onReady = { [loop] _ in loop.setDeadline(loop.now + .seconds(1), for: probe) }
        kernel.virtualNow = loop.now + .seconds(5)
        try loop.turn()
        #expect(probe.edges == 1 && probe.deadlines == 0)
        for descriptor in [left, right] { close(descriptor) }
    }

    @Test("Of those due together, one may remove, postpone or absolve the others, and they are not called")
    func together() throws {
        enum Change: CaseIterable { case remove, replace, postpone, absolve }
        for change in Change.allCases {
            let probes = (0..<4).map { _ in probe(due: .milliseconds(10)) }
            let successor = Probe()
            var calls = 0
            for probe in probes {
                probe.onDeadline = { [loop] in
                    calls += 1
                    for other in probes where other !== probe {
                        switch change {
                        case .remove: loop.remove(other)
                        case .replace:
                            loop.remove(other)
                            loop.remove(successor)
                            loop.add(successor)
                        case .postpone: loop.setDeadline(loop.now + .seconds(60), for: other)
                        case .absolve: loop.setDeadline(.distantFuture, for: other)
                        }
                    }
                }
            }
            kernel.virtualNow = loop.now + .seconds(1)
            try loop.turn(limit: .zero)
            #expect(calls == 1, "\(change)")
            #expect(successor.deadlines == 0)
            if change == .postpone {
                kernel.virtualNow = loop.now + .seconds(30)
                try loop.turn(limit: .zero)
                #expect(calls == 1)
                kernel.virtualNow = loop.now + .seconds(31)
                try loop.turn(limit: .zero)
                #expect(calls == 2, "the new deadline counts")
            }
            for probe in probes + [successor] { loop.remove(probe) }
        }
    }

    @Test("A new source does not inherit the deadline of the slot's last one")
    func noInheritance() throws {
        let first = probe(due: .milliseconds(10))
        loop.remove(first)
        let second = probe(due: nil)
        try loop.turn(limit: .seconds(1))
        try loop.turn(limit: .seconds(1))
        #expect(first.deadlines == 0 && second.deadlines == 0)
    }

    @Test("After a jump of hours everything due fires in the next turn, and nothing else")
    func jump() throws {
        let due = [1, 60, 3_600, 7_199].map { probe(due: .seconds($0)) }
        let later = probe(due: .seconds(7_300))
        kernel.virtualNow = loop.now + .seconds(7_200)
        try loop.turn(limit: .zero)
        #expect(due.allSatisfy { $0.deadlines == 1 } && later.deadlines == 0)
        while later.deadlines == 0, kernel.calls[.wait]! < 20 { try loop.turn() }
        #expect(later.deadlines == 1)
    }

    @Test("Who is not in the loop has no deadline")
    func notAdded() throws {
        let probe = Probe()
        loop.setDeadline(loop.now, for: probe)
        try loop.turn(limit: .seconds(1))
        #expect(probe.deadlines == 0)
    }
}
