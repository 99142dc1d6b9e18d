import BookendLoop
import Foundation
import Synchronization

/// A thread for what may have to wait for a disk or a terminal, so that the control loop never does.
final class SlowWork: Sendable {
    private struct Waiting {
        var jobs: [@Sendable () -> Void] = []
        /// No more come.
        var isOver = false
    }

    /// Jobs that wait; those beyond are dropped.
    private static let most = 1_024

    private let waiting = Mutex(Waiting())
    private let wake = DispatchSemaphore(value: 0)

    init(_ name: String) throws(Errno) {
        try Thread.start(name) { [self] in
            while let job = next() { job() }
        }.detach()
    }

    /// From any thread. False when too much waits already.
    @discardableResult
    func post(_ job: @escaping @Sendable () -> Void) -> Bool {
        let isTaken = waiting.withLock { waiting in
            guard waiting.jobs.count < Self.most, !waiting.isOver else { return false }
            waiting.jobs.append(job)
            return true
        }
        if isTaken { wake.signal() }
        return isTaken
    }

    /// Ends the thread after what waits.
    func end() {
        waiting.withLock { $0.isOver = true }
        wake.signal()
    }

    /// Nil when it is over.
    private func next() -> (@Sendable () -> Void)? {
        while true {
            wake.wait()
            let (job, isOver) = waiting.withLock { ($0.jobs.isEmpty ? nil : $0.jobs.removeFirst(), $0.isOver) }
            if job != nil || isOver { return job }
        }
    }
}
