import BookendCore
import BookendLoop
import Glibc
import ScriptedKernel
import Testing

@Suite("Acceptor")
struct AcceptorTests {
    /// Counts, closes what it gets, and does what the test says.
    final class Counter: Acceptor {
        var count = 0
        var errors: [Errno] = []
        var isWilling = true
        var onAccept: () -> Void = {}
        var families: Set<Int32> = []
        var areNonBlocking = true

        override var mayAccept: Bool { isWilling }

        override func accepted(_ descriptor: consuming FileDescriptor, from peer: SocketAddress) {
            count += 1
            families.insert(peer.family)
            areNonBlocking = areNonBlocking && fcntl(descriptor.raw, F_GETFL) & O_NONBLOCK != 0
            areNonBlocking = areNonBlocking && fcntl(descriptor.raw, F_GETFD) & FD_CLOEXEC != 0
            onAccept()
        }

        override func exhausted(_ error: Errno) {
            errors.append(error)
        }
    }

    private let kernel = ScriptedKernel()
    private let loop: Loop
    private let address: SocketAddress
    private let acceptor: Counter

    init() throws {
        loop = try Loop(kernel: kernel)
        let listener = FileDescriptor(owning: try ListeningSocket.group(.loopback, count: 1)[0])
        address = ListeningSocket.local(listener)
        acceptor = try Counter(listener, on: loop)
    }

    /// Connections that are complete and wait to be accepted; their clients have already gone.
    private func connect(_ count: Int) throws {
        let plain = Kernel()
        for _ in 0..<count { _ = try plain.connecting(to: address) }
    }

    @Test("Takes all that wait, non-blocking and closed on exec, with their addresses")
    func all() throws {
        try connect(5)
        #expect(try loop.turn(until: { acceptor.count == 5 }))
        #expect(acceptor.areNonBlocking && acceptor.families == [AF_INET])
    }

    @Test(
        "Out of descriptors it pauses: one call for each pause, however many more arrive, then it recovers",
        arguments: [
            Errno.processDescriptorsExhausted, .systemDescriptorsExhausted, Errno(ENOBUFS), Errno(ENOMEM),
        ])
    func exhausted(error: Errno) throws {
        kernel.virtualNow = kernel.now()
        try loop.turn(limit: .zero)
        kernel.script[.accept] = [.fail(error), .fail(error)]
        let start = loop.now
        try connect(3)
        for _ in 0..<10 {
            try loop.turn(limit: .zero)
            try connect(1)
        }
        #expect(kernel.calls[.accept] == 1, "no spin")
        #expect(acceptor.errors == [error] && acceptor.count == 0)
        while acceptor.count == 0, kernel.calls[.wait]! < 40 { try loop.turn(limit: .milliseconds(100)) }
        #expect(acceptor.errors == [error, error])
        #expect(acceptor.count == 13, "nobody is forgotten")
        #expect(loop.now - start >= .milliseconds(100) && loop.now - start <= .milliseconds(110))
    }

    @Test("A connection that was aborted and an interrupted call are passed over; the next is taken")
    func skipped() throws {
        try loop.turn(limit: .zero)
        kernel.script[.accept] = [.fail(.connectionAborted), .fail(.interrupted), .pass, .fail(.connectionAborted)]
        try connect(2)
        #expect(try loop.turn(until: { acceptor.count == 2 }))
        #expect(acceptor.errors.isEmpty)
        #expect(kernel.calls[.accept] == 6)
    }

    @Test("A flood leaves every turn to others too: never more than 64 connections in one")
    func flood() throws {
        var taken: [Int] = []
        loop.turnEnded = { [acceptor] in taken.append(acceptor.count - taken.reduce(0, +)) }
        for _ in 0..<8 {
            try connect(90)
            try loop.turn(limit: .zero)
        }
        let other = Probe()
        loop.add(other)
        loop.resumeLater(other)
        try loop.turn(limit: .zero)
        #expect(other.resumptions == 1)
        #expect(try loop.turn(until: { acceptor.count == 720 }))
        #expect(taken.max() == 64)
    }

    @Test("While no connection is wanted none is taken; they wait in the kernel")
    func unwilling() throws {
        acceptor.isWilling = false
        try connect(3)
        try loop.turn(limit: .milliseconds(1))
        #expect(acceptor.count == 0 && kernel.calls[.accept] == nil)
        acceptor.isWilling = true
        acceptor.resumed()
        #expect(acceptor.count == 3)
    }

    @Test("Whoever stops wanting, or removes the acceptor, in the middle gets no more", arguments: [false, true])
    func stopsInside(removes: Bool) throws {
        acceptor.onAccept = { [loop, acceptor] in
            guard acceptor.count == 2 else { return }
            if removes { loop.remove(acceptor) } else { acceptor.isWilling = false }
        }
        try connect(5)
        for _ in 0..<3 { try loop.turn(limit: .milliseconds(1)) }
        #expect(acceptor.count == 2)
        acceptor.onAccept = {}
    }

    @Test("Everybody is taken through random faults", arguments: 0..<4)
    func faults(seed: UInt64) throws {
        let kernel = ScriptedKernel(faults: .all, seed: seed)
        let loop = try Loop(kernel: kernel)
        let listener = FileDescriptor(owning: try ListeningSocket.group(.loopback, count: 1)[0])
        let address = ListeningSocket.local(listener)
        let acceptor = try Counter(listener, on: loop)
        for _ in 0..<10 {
            for _ in 0..<10 { _ = try Kernel().connecting(to: address) }
            try loop.turn(limit: .zero)
        }
        #expect(try loop.turn(until: { acceptor.count == 100 }), "seed \(seed)")
    }
}
