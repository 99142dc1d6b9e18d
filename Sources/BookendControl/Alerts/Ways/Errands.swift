import BookendLoop

/// Work that has to wait where a loop must not, on a thread of its own, and its results back on the loop, in order. The thread
/// ends with this.
final class Errands<Outcome: Sendable> {
    private let thread: SlowWork
    private let outcomes: Mailbox<Outcome>
    private let waiting: Waiting
    private let loop: Loop

    /// Those whose results are to come.
    private final class Waiting {
        var all: [(Outcome) -> Void] = []
    }

    /// - Parameter name: the thread's, at most 15 bytes.
    init(_ name: String, on loop: Loop) throws(Errno) {
        let waiting = Waiting()
        self.waiting = waiting
        self.loop = loop
        thread = try SlowWork(name)
        do throws(Errno) {
            outcomes = try Mailbox(on: loop) { waiting.all.removeFirst()($0) }
        } catch {
            thread.end()
            throw error
        }
    }

    deinit {
        // Whoever waits for a result holds this: none is to come.
        thread.end()
        loop.remove(outcomes)
    }

    /// - Parameters:
    ///   - work: may block, for a bounded time; one at a time.
    ///   - over: called once, on the loop, not before this returns; has to hold this until then.
    func run(_ work: @escaping @Sendable () -> Outcome, over: @escaping (Outcome) -> Void) {
        let outcomes = outcomes
        // Whoever runs errands has few under way: an alert and a test.
        let isTaken = thread.post { outcomes.post(work()) }
        precondition(isTaken, "more errands than a thread takes")
        waiting.all.append(over)
    }
}
