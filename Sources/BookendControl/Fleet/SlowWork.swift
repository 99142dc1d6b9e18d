import BookendLoop
import Foundation
import Synchronization

/// A thread for what may have to wait for a disk or a terminal, so that the control loop never does.
final class SlowWork: Sendable {
    /// Jobs that wait; those beyond are dropped.
    private static let most = 1_024

    private let waiting = Mutex<[@Sendable () -> Void]>([])
    private let wake = DispatchSemaphore(value: 0)

    init(_ name: String) throws(Errno) {
        _ = try Thread.start(name) { [self] in
            while true {
                wake.wait()
                waiting.withLock { $0.isEmpty ? nil : $0.removeFirst() }?()
            }
        }
    }

    /// From any thread. False when too much waits already.
    @discardableResult
    func post(_ job: @escaping @Sendable () -> Void) -> Bool {
        let isTaken = waiting.withLock { jobs in
            guard jobs.count < Self.most else { return false }
            jobs.append(job)
            return true
        }
        if isTaken { wake.signal() }
        return isTaken
    }
}
