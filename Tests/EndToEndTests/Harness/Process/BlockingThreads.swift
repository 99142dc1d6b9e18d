import Foundation

/// Threads for tests, which wait for sockets most of the time: on Swift's own threads, one per core, no more than one test
/// per core would run.
final class BlockingThreads: TaskExecutor, @unchecked Sendable {
    /// Enough to fill the waits, and few enough that the programs under test are not starved.
    static let shared = BlockingThreads(count: 6)

    private let condition = NSCondition()
    private var jobs: [UnownedJob] = []

    private init(count: Int) {
        for _ in 0..<count { Thread.detachNewThread { [self] in work() } }
    }

    func enqueue(_ job: consuming ExecutorJob) {
        condition.lock()
        jobs.append(UnownedJob(job))
        condition.unlock()
        condition.signal()
    }

    private func work() {
        while true {
            condition.lock()
            while jobs.isEmpty { condition.wait() }
            let job = jobs.removeFirst()
            condition.unlock()
            job.runSynchronously(on: asUnownedTaskExecutor())
        }
    }
}
