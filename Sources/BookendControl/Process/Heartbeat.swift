import BookendCore
import BookendLoop

/// Says at regular intervals that the worker process serves: while the control loop runs, and only after every worker has
/// answered the question before.
final class Heartbeat: EventSource {
    private let loop: Loop
    private let interval: TimeSpan
    private let ask: (Int, @escaping @Sendable () -> Void) -> Void
    private let answers: Mailbox<Int>
    private let beat: () -> Void

    /// Of each worker: whether the last question is answered.
    private final class Answered {
        var all: [Bool]

        init(_ count: Int) { all = Array(repeating: true, count: count) }
    }

    private let answered: Answered

    /// Begins.
    ///
    /// - Parameters:
    ///   - ask: asks the worker of that number; what it is given is to be called when that one gets to it, on any thread.
    ///   - beat: called on the loop, at every interval in which all are well.
    init(
        workers: Int, every interval: TimeSpan, on loop: Loop,
        ask: @escaping (Int, @escaping @Sendable () -> Void) -> Void, beat: @escaping () -> Void
    ) throws(Errno) {
        let answered = Answered(workers)
        self.loop = loop
        self.interval = interval
        self.ask = ask
        self.answered = answered
        self.beat = beat
        answers = try Mailbox(on: loop) { answered.all[$0] = true }
        super.init()
        loop.add(self)
        loop.setDeadline(loop.now, for: self)
    }

    override func deadlinePassed() {
        loop.setDeadline(loop.now + interval, for: self)
        // Who has not answered yet is not asked again: questions do not pile up.
        guard answered.all.allSatisfy({ $0 }) else { return }
        beat()
        for index in answered.all.indices {
            answered.all[index] = false
            let answers = answers
            ask(index) { answers.post(index) }
        }
    }
}
