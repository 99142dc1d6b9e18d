import BookendCore
import Foundation
import Testing

@testable import BookendControl

@Suite("Leases on disk")
struct LeaseRecordTests {
    private let server = ServerID(index: 1)
    private let now: UInt64 = 1_795_000_000 * 1_000_000_000

    private func kept(_ left: TimeSpan) -> KeptLease {
        KeptLease(
            server: server, owner: "ada", why: "disk", age: .seconds(60), left: left, isForced: true, mayRecall: false,
            isRecycle: true)
    }

    @Test("What is read is what was written, and the time between them has passed")
    func roundTrip() throws {
        let written = try JSONEncoder().encode(LeaseRecord(kept(.seconds(600)), wallClock: now))
        let read = try JSONDecoder().decode(LeaseRecord.self, from: written)
            .kept(of: server, wallClock: now + 100 * 1_000_000_000)
        #expect(read.owner == "ada" && read.why == "disk" && read.isForced && !read.mayRecall && read.isRecycle)
        #expect(abs(read.left.inSeconds - 500) < 0.01 && abs(read.age.inSeconds - 160) < 0.01)
    }

    @Test("A clock that was set, and a file that says anything, make neither a trap nor an endless lease")
    func hostile() throws {
        for (taken, ends) in [(0.0, 1e300), (-1e300, 1e18), (1e300, -1e300), (9e9, 9e9)] {
            let text = #"{"owner":"a","why":"b","takenAt":\#(taken),"endsAt":\#(ends),"forced":false,"recall":true}"#
            let lease = try JSONDecoder().decode(LeaseRecord.self, from: Data(text.utf8))
                .kept(of: server, wallClock: now)
            #expect(lease.age >= .zero && lease.left >= .zero)
            #expect(lease.age.inSeconds + lease.left.inSeconds <= 86_400)
        }
    }
}
