import BookendLoop

/// Work that has to wait where a loop must not, on a thread of its own, and its results back on the loop, in order.
final class Errands<Outcome: Sendable> {
    private let thread: SlowWork
    private let outcomes: Mailbox<Outcome>
    private let waiting: Waiting

    /// Those whose results are to come.
    private final class Waiting {
        var all: [(Outcome) -> Void] = []
    }

    /// - Parameter name: the thread's, at most 15 bytes.
    init(_ name: String, on loop: Loop) throws(Errno) {
        let waiting = Waiting()
        self.waiting = waiting
        thread = try SlowWork(name)
        outcomes = try Mailbox(on: loop) { waiting.all.removeFirst()($0) }
    }

    /// - Parameters:
    ///   - work: may block, for a bounded time; one at a time.
    ///   - over: called once, on the loop, not before this returns.
    func run(_ work: @escaping @Sendable () -> Outcome, over: @escaping (Outcome) -> Void) {
        let outcomes = outcomes
        // Whoever runs errands has few under way: an alert and a test.
        let isTaken = thread.post { outcomes.post(work()) }
        precondition(isTaken, "more errands than a thread takes")
        waiting.all.append(over)
    }
}
