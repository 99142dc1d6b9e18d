import BookendCore

/// A lease on disk is by the time of day: its time runs on while Bookend is down.
extension LeaseRecord {
    init(_ lease: KeptLease, server: String, pool: String, at now: WallTime) {
        self.init(
            pool: pool, server: server, owner: lease.owner, why: lease.why,
            takenAt: now.plus(TimeSpan(nanoseconds: -lease.age.nanoseconds)), endsAt: now.plus(lease.left),
            isForced: lease.isForced, allowsRecall: lease.mayRecall, isRecycle: lease.isRecycle)
    }

    func kept(of server: ServerID, at now: WallTime) -> KeptLease {
        KeptLease(
            server: server, owner: owner, why: why, age: takenAt.span(to: now), left: now.span(to: endsAt),
            isForced: isForced, mayRecall: allowsRecall, isRecycle: isRecycle)
    }

    /// The same lease, but for what the two clocks drift apart.
    func isLike(_ other: LeaseRecord) -> Bool {
        func isNear(_ one: WallTime, _ two: WallTime) -> Bool { abs(one.span(to: two).inSeconds) < 0.5 }
        return owner == other.owner && why == other.why && isForced == other.isForced
            && allowsRecall == other.allowsRecall && isRecycle == other.isRecycle && isNear(takenAt, other.takenAt)
            && isNear(endsAt, other.endsAt)
    }
}
