import BookendCore
import BookendLoop
import Glibc
import ScriptedKernel
import Testing

@Suite("Loop: edges")
struct LoopEdgeTests {
    @Test("An edge fetched for a source that was removed meets nobody, though slot and descriptor are used anew")
    func staleEdge() throws {
        let kernel = ScriptedKernel()
        let loop = try Loop(kernel: kernel)
        let (left, right) = try socketPair()
        let (newLeft, newRight) = try socketPair()
        let (remover, old, successor) = (Probe(), Probe(), Probe())
        try loop.add(old, stream: left)
        loop.add(remover)
        try loop.turn(limit: .zero)
        let oldToken = try #require(kernel.token(of: left))
        var error: Errno?
        let (eventLeft, eventRight) = try socketPair()
        try loop.add(Probe(), stream: eventLeft)
        remover.onResumed = {
            loop.remove(old)
            // Closes the old socket and gives its number to another, as a busy process would by chance.
            dup2(newLeft, left)
            do throws(Errno) { try loop.add(successor, stream: left) } catch let caught { error = caught }
        }
        loop.resumeLater(remover)
        try loop.turn(limit: .zero)
        #expect(error == nil)
        let edges = (old.edges, successor.edges)
        kernel.owe(token: oldToken, [.readable, .hungUp])
        try loop.turn(limit: .zero)
        #expect(old.edges == edges.0)
        #expect(successor.edges == edges.1 + 1, "only its own first edge")
        for descriptor in [left, right, newLeft, newRight, eventLeft, eventRight] { close(descriptor) }
    }

    @Test("In one batch, a source removed by another is not told, and its successor in slot and number neither")
    func sameBatch() throws {
        let kernel = ScriptedKernel()
        let loop = try Loop(kernel: kernel)
        let (left, right) = try socketPair()
        let (spare, spareRight) = try socketPair()
        let (killer, victim, successor) = (Probe(), Probe(), Probe())
        loop.add(killer)
        let (killerLeft, killerRight) = try socketPair()
        loop.remove(killer)
        try loop.add(killer, stream: killerLeft)
        try loop.add(victim, stream: left)
        try loop.turn(limit: .zero)
        let (killerToken, victimToken) = (
            try #require(kernel.token(of: killerLeft)), try #require(kernel.token(of: left))
        )
        let before = victim.edges
        killer.onReady = { _ in
            loop.remove(victim)
            dup2(spare, left)
            try? loop.add(successor, stream: left)
            killer.onReady = { _ in }
        }
        kernel.owe(token: killerToken, .readable)
        kernel.owe(token: victimToken, .readable)
        try loop.turn(limit: .zero)
        #expect(victim.edges == before && successor.edges == 0)
        _ = send(spareRight, [1] as [UInt8], 1, 0)
        try loop.turn(limit: .zero)
        #expect(successor.edges == 1)
        for descriptor in [left, right, spare, spareRight, killerLeft, killerRight] { close(descriptor) }
    }

    @Test("A source may remove itself and be the last to know of itself")
    func selfRemoval() throws {
        let loop = try Loop(kernel: ScriptedKernel())
        let (left, right) = try socketPair()
        var probe: Probe? = Probe()
        weak let remains = probe
        probe?.onReady = { [unowned(unsafe) owner = probe!] _ in loop.remove(owner) }
        try loop.add(probe!, stream: left)
        probe = nil
        #expect(remains != nil, "the loop keeps it")
        try loop.turn(limit: .zero)
        #expect(remains == nil && loop.count == 0)
        for descriptor in [left, right] { close(descriptor) }
    }

    @Test("Edges for slots that never were are nobody's")
    func unknownToken() throws {
        let kernel = ScriptedKernel()
        let loop = try Loop(kernel: kernel)
        for token in [0, 5, UInt64.max, UInt64(UInt32.max), 1 << 32] { kernel.owe(token: token, .readable) }
        try loop.turn(limit: .zero)
    }

    @Test("A descriptor that cannot be watched is an error, and the source can be added again")
    func refused() throws {
        let loop = try Loop(kernel: ScriptedKernel())
        let probe = Probe()
        #expect(throws: Errno(EBADF)) { try loop.add(probe, stream: 1_000_000) }
        #expect(loop.count == 0)
        loop.add(probe)
        #expect(loop.count == 1)
        loop.remove(probe)
        loop.remove(probe)
        #expect(loop.count == 0)
    }

    @Test("An interrupted wait is a turn like any other")
    func interrupted() throws {
        let kernel = ScriptedKernel()
        kernel.virtualNow = Moment(nanoseconds: 1_000_000_000)
        kernel.script[.wait] = [.fail(.interrupted)]
        let loop = try Loop(kernel: kernel)
        let probe = Probe()
        loop.add(probe)
        loop.setDeadline(loop.now + .milliseconds(1), for: probe)
        kernel.virtualNow = loop.now + .seconds(1)
        try loop.turn()
        #expect(probe.deadlines == 1)
        kernel.script[.wait] = [.fail(Errno(EBADF))]
        #expect(throws: Errno(EBADF)) { try loop.turn() }
    }

    @Test("A loop let go of lets its sources go first, with the memory they hold")
    func loopEnds() throws {
        final class Holder: EventSource {
            let buffer = Buffer()
        }
        weak var pool: BufferPool?
        weak var holder: Holder?
        do {
            let loop = try Loop()
            pool = loop.buffers
            let source = Holder()
            holder = source
            source.buffer.reserve(100, from: loop.buffers)
            loop.add(source)
        }
        #expect(pool == nil && holder == nil)
    }

    @Test("A connection's late outcome comes as an edge, with the kernel's word for it", arguments: [false, true])
    func lateConnect(isRefused: Bool) throws {
        let kernel = ScriptedKernel()
        kernel.waitsBeforeConnectResult = 5
        let loop = try Loop(kernel: kernel)
        var listener: FileDescriptor? = FileDescriptor(owning: try ListeningSocket.group(.loopback, count: 1)[0])
        let address = ListeningSocket.local(listener!)
        if isRefused { listener = nil }
        let socket = try kernel.connecting(to: address)
        let raw = socket.raw
        let probe = Probe()
        try loop.add(probe, stream: raw)
        var outcome: Errno?
        probe.onReady = { _ in outcome = kernel.connectError(raw) }
        #expect(try loop.turn(until: { probe.edges > 0 }))
        #expect(kernel.calls[.wait]! > 5)
        #expect(outcome == (isRefused ? .connectionRefused : nil))
        loop.remove(probe)
        _ = socket
        _ = listener
    }
}
