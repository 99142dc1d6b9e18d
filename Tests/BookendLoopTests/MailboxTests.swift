import BookendCore
import BookendLoop
import Glibc
import ScriptedKernel
import Synchronization
import Testing

@Suite("Mailbox")
struct MailboxTests {
    private struct Letter: Sendable {
        var sender: Int
        var number: Int
    }

    private final class Arrived: Sendable {
        let count = Atomic(0)
    }

    @Test("Nothing that threads post is lost, and each one's messages come in its order, on the loop's thread")
    func manyThreads() throws {
        let loop = try Loop()
        let (senders, each) = (4, 5_000)
        var received = [Int](repeating: 0, count: senders)
        let thread = pthread_self()
        var disorder = 0
        let mailbox = try Mailbox<Letter>(on: loop) { letter in
            if received[letter.sender] != letter.number || pthread_self() != thread { disorder += 1 }
            received[letter.sender] += 1
        }
        let threads = try (0..<senders).map { sender in
            try Thread.start("sender") {
                for number in 0..<each { mailbox.post(Letter(sender: sender, number: number)) }
            }
        }
        #expect(try loop.turn(until: { received.allSatisfy { $0 == each } }))
        for thread in threads { thread.join() }
        try loop.turn(limit: .zero)
        #expect(received == [Int](repeating: each, count: senders))
        #expect(disorder == 0)
    }

    @Test("A message wakes a loop that sleeps without limit, every time")
    func wakes() throws {
        let loop = try Loop()
        let arrived = Arrived()
        var count = 0
        let mailbox = try Mailbox<Int>(on: loop) { _ in
            count += 1
            arrived.count.store(count, ordering: .releasing)
            if count == 200 { loop.stop() }
        }
        // Each message only after the one before arrived: the mailbox is empty every time, so each has to wake.
        let thread = try Thread.start("waker") {
            for number in 0..<200 {
                while arrived.count.load(ordering: .acquiring) < number { sched_yield() }
                mailbox.post(number)
            }
        }
        try loop.run()
        thread.join()
        #expect(count == 200)
    }

    @Test("What is posted while messages are delivered comes in the next turn")
    func postedInside() throws {
        let loop = try Loop()
        var received: [Int] = []
        var mailbox: Mailbox<Int>?
        mailbox = try Mailbox<Int>(on: loop) { number in
            received.append(number)
            if number < 3 { mailbox?.post(number + 1) }
        }
        mailbox?.post(1)
        for turn in 1...3 {
            try loop.turn(limit: .seconds(5))
            #expect(received == Array(1...turn))
        }
        mailbox = nil
    }

    @Test("Many messages are one wake")
    func oneWake() throws {
        let kernel = ScriptedKernel()
        let loop = try Loop(kernel: kernel)
        var received: [Int] = []
        let mailbox = try Mailbox<Int>(on: loop) { received.append($0) }
        try loop.turn(limit: .zero)
        for number in 0..<1_000 { mailbox.post(number) }
        try loop.turn(limit: .seconds(5))
        #expect(received == Array(0..<1_000))
        #expect(kernel.calls[.wait] == 2)
    }

    @Test("A mailbox that left the loop delivers nothing more, and posting stays harmless")
    func removed() throws {
        let loop = try Loop()
        var received = 0
        let mailbox = try Mailbox<Int>(on: loop) { _ in received += 1 }
        mailbox.post(1)
        loop.remove(mailbox)
        try loop.turn(limit: .zero)
        mailbox.post(2)
        try loop.turn(limit: .zero)
        #expect(received == 0)
    }
}
