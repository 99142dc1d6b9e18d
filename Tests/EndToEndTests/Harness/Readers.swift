import Glibc
import Synchronization

/// Clients that ask one after the other, each on a connection of its own, until they are ended.
final class Readers: Sendable {
    private let answers = Atomic(0)
    private let problems = Mutex<[String]>([])
    private let watches = Mutex<[Watch]>([])

    var answered: Int { answers.load(ordering: .relaxed) }
    /// What went wrong for them.
    var failures: [String] { problems.withLock { $0 } }

    init(_ count: Int, at port: UInt16) {
        for _ in 0..<count {
            let client = Mutex<Connection?>(nil)
            let watch = Watch { [self] in
                do {
                    let connection = try client.withLock { $0 } ?? Connection(to: port)
                    client.withLock { $0 = connection }
                    try connection.send(get())
                    let status = try connection.response().status
                    if status != 200 { problems.withLock { $0.append("status \(status)") } }
                    answers.add(1, ordering: .relaxed)
                } catch {
                    problems.withLock { $0.append("\(error)") }
                    client.withLock { $0 = nil }
                }
            }
            watches.withLock { $0.append(watch) }
        }
    }

    func end() {
        watches.withLock { for watch in $0 { watch.end() } }
    }
}
