import Dispatch
import Synchronization

/// Two threads for password hashing, beside those that serve requests.
///
/// Hashing is slow on purpose. Its own threads keep it from delaying other visitors, and a short queue keeps a burst
/// of sign-ins from growing without end: beyond `mostWaiting` a request is told to come back.
package final class HashingLane: Sendable {
    private static let mostWaiting = 64

    private let lanes = [DispatchQueue(label: "bookty.hash.0"), DispatchQueue(label: "bookty.hash.1")]
    private let state = Mutex((waiting: 0, next: 0))

    package init() {}

    /// Runs `work` on one of the threads. Throws `Problem.busy` when too many are waiting.
    func run<Value: Sendable>(_ work: @escaping @Sendable () -> Value) async throws(Problem) -> Value {
        let lane = state.withLock { state -> DispatchQueue? in
            guard state.waiting < Self.mostWaiting else { return nil }
            state.waiting += 1
            state.next = (state.next + 1) % lanes.count
            return lanes[state.next]
        }
        guard let lane else { throw .busy("Too many people are signing in at this moment.") }
        let value = await withCheckedContinuation { continuation in
            lane.async { continuation.resume(returning: work()) }
        }
        state.withLock { $0.waiting -= 1 }
        return value
    }
}
