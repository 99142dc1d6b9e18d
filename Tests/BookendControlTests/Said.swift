import Synchronization

/// Lines that were said, from any thread.
final class Said: Sendable {
    private let all = Mutex<[String]>([])

    var lines: [String] { all.withLock { $0 } }

    func add(_ line: String) {
        all.withLock { $0.append(line) }
    }
}
