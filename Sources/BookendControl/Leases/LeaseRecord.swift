import BookendCore

/// A lease on disk, by the time of day: its time runs on while Bookend is down.
struct LeaseRecord: Codable {
    let owner: String
    let why: String
    /// Seconds since 1970.
    let takenAt: Double
    let endsAt: Double
    let forced: Bool
    let recall: Bool
    /// A step of a recycle; missing in files of versions that had none.
    let recycle: Bool?

    /// - Parameter wallClock: nanoseconds since 1970.
    init(_ lease: KeptLease, wallClock: UInt64) {
        let now = Double(wallClock) / 1e9
        owner = lease.owner
        why = lease.why
        takenAt = now - lease.age.inSeconds
        endsAt = now + lease.left.inSeconds
        forced = lease.isForced
        recall = lease.mayRecall
        recycle = lease.isRecycle
    }

    func kept(of server: ServerID, wallClock: UInt64) -> KeptLease {
        let now = Double(wallClock) / 1e9
        return KeptLease(
            server: server, owner: owner, why: why, age: Self.span(now - takenAt), left: Self.span(endsAt - now),
            isForced: forced, mayRecall: recall, isRecycle: recycle ?? false)
    }

    /// Bounded before it becomes whole: a file can say anything.
    private static func span(_ seconds: Double) -> TimeSpan {
        let longest = LeaseLimits.lengths.upperBound.inSeconds
        return .milliseconds(Int64(min(max(seconds, 0), longest) * 1e3))
    }
}
