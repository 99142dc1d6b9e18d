import BookendCore
import Testing

@testable import BookendControl

@Suite("Leases on disk")
struct LeaseRecordTests {
    private let server = ServerID(index: 1)
    private let now = WallTime(microseconds: 1_795_000_000_000_000)

    private func kept(_ left: TimeSpan) -> KeptLease {
        KeptLease(
            server: server, owner: "ada", why: "disk", age: .seconds(60), left: left, isForced: true, mayRecall: false,
            isRecycle: true)
    }

    @Test("What is read is what was written, and the time between them has passed")
    func roundTrip() {
        let read = LeaseRecord(kept(.seconds(600)), server: "web-01", pool: "main", at: now)
            .kept(of: server, at: now.plus(seconds: 100))
        #expect(read.owner == "ada" && read.why == "disk" && read.isForced && !read.mayRecall && read.isRecycle)
        #expect(read.left == .seconds(500) && read.age == .seconds(160))
    }

    @Test("A clock that was set, and a file that says anything, make neither a trap nor an endless lease")
    func hostile() {
        let times: [(Int64, Int64)] = [
            (0, .max), (.min, .max), (.max, .min), (.min, .min), (9_000_000_000_000_000, 0),
        ]
        for (taken, ends) in times {
            let lease = LeaseRecord(
                pool: "main", server: "web-01", owner: "a", why: "b", takenAt: WallTime(microseconds: taken),
                endsAt: WallTime(microseconds: ends), isForced: false, allowsRecall: true, isRecycle: false
            ).kept(of: server, at: now)
            #expect(lease.age >= .zero && lease.left >= .zero)
            #expect(lease.age.inSeconds + lease.left.inSeconds <= 86_400)
        }
    }

    @Test("What the two clocks drift apart is no change; another end is")
    func likeness() {
        let record = LeaseRecord(kept(.seconds(600)), server: "web-01", pool: "main", at: now)
        #expect(LeaseRecord(kept(.milliseconds(600_100)), server: "web-01", pool: "main", at: now).isLike(record))
        #expect(!LeaseRecord(kept(.seconds(660)), server: "web-01", pool: "main", at: now).isLike(record))
    }
}
