import Foundation
import Synchronization

/// Does something every few milliseconds on a thread of its own, until it is ended.
final class Watch: Sendable {
    private let isEnded = Atomic(false)

    init(_ look: @escaping @Sendable () -> Void) {
        Thread.detachNewThread { [self] in
            while !isEnded.load(ordering: .relaxed) {
                look()
                usleep(5_000)
            }
        }
    }

    func end() {
        isEnded.store(true, ordering: .relaxed)
    }
}
