import BookendControl
import BookendLoop
import Glibc
import Synchronization

// Takes leases on servers in turn, as fast as they are confirmed, and prints the number of each one that is. Runs until it
// is killed; StoreCrashTests looks at what is left.
//
//     store-writer FOLDER FIRST

final class Confirmed: Sendable {
    let number = Atomic(0)
    let wake: WakeUp

    init() throws {
        wake = try WakeUp()
    }
}

func run(_ folder: String, from first: Int) throws -> Never {
    let store = try Store(in: folder) { print($0) }
    let confirmed = try Confirmed()
    // Not `print`: a line that waits in a buffer is lost with the process.
    let output = FileDescriptor(owning: STDOUT_FILENO)
    var number = first
    while true {
        let lease = LeaseRecord(
            pool: "main", server: "web-\(number % 4)", owner: "test", why: "\(number)", takenAt: .now,
            endsAt: .now.plus(seconds: 3_600), isForced: false, allowsRecall: true, isRecycle: false)
        store.take(.lease(lease, ticket: number)) { reply in
            guard case .kept(let ticket, isOnDisk: true) = reply else { return }
            confirmed.number.store(ticket, ordering: .releasing)
            confirmed.wake.signal()
        }
        confirmed.wake.wait()
        _ = output.writeAll(Array("\(confirmed.number.load(ordering: .acquiring))\n".utf8))
        number += 1
    }
}

try run(CommandLine.arguments[1], from: Int(CommandLine.arguments[2])!)
