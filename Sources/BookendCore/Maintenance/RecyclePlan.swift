/// The recycles of one pool: one at a time, the others in line, those for memory first.
struct RecyclePlan: Sendable {
    /// One of a server at most.
    private(set) var waiting: [Recycle] = []
    /// The one that has begun.
    var current: Recycle?
    /// The last one of each server that is over.
    private(set) var past: [Recycle] = []
    var time: RecycleTime
    /// When memory and those who wait are looked at next.
    var nextLook = Moment.origin

    init(slowStart: TimeSpan) {
        time = RecycleTime(slowStart: slowStart)
    }

    var isIdle: Bool { waiting.isEmpty && current == nil }

    /// Those that are not over, in the order of their turns.
    var active: [Recycle] { (current.map { [$0] } ?? []) + waiting }

    /// Of that server: the one that is not over, or else the last one.
    func recycle(of id: ServerID) -> Recycle? {
        active.first { $0.server == id } ?? past.first { $0.server == id }
    }

    func isPlanned(_ id: ServerID) -> Bool { active.contains { $0.server == id } }

    mutating func add(_ recycle: Recycle) {
        assert(!isPlanned(recycle.server))
        let place = recycle.cause.isMemory ? waiting.firstIndex { !$0.cause.isMemory } : nil
        waiting.insert(recycle, at: place ?? waiting.endIndex)
    }

    /// Gives a changed one back to its place in line.
    mutating func update(_ recycle: Recycle) {
        guard let index = waiting.firstIndex(where: { $0.server == recycle.server }) else { return }
        waiting[index] = recycle
    }

    mutating func begin(_ recycle: Recycle) {
        precondition(current == nil, "one at a time")
        waiting.removeAll { $0.server == recycle.server }
        current = recycle
    }

    /// Whoever had to give way is the first in line.
    mutating func putBack(_ recycle: Recycle) {
        current = nil
        waiting.insert(recycle, at: 0)
    }

    mutating func end(_ recycle: Recycle) {
        if current?.server == recycle.server { current = nil }
        waiting.removeAll { $0.server == recycle.server }
        past.removeAll { $0.server == recycle.server }
        past.append(recycle)
    }

    /// That server has left the fleet, and its number may become another's.
    mutating func forget(_ server: ServerID) {
        past.removeAll { $0.server == server }
        for index in past.indices { past[index].forget(server) }
        for index in waiting.indices { waiting[index].forget(server) }
    }
}

/// Whether a server's memory asks for a recycle.
struct RecycleWatch: Sendable {
    /// Memory has been below the threshold.
    private var isArmed = true
    private var isRunningOut = Dwell()
    /// Nothing is asked before: a recycle has just ended, or went wrong.
    var notBefore = Moment.origin
    /// The last one did not go well.
    var hasFailed = false

    /// - Parameters:
    ///   - threshold: part of the limit.
    ///   - needed: seconds that a recycle takes from now, others before it included.
    mutating func cause(
        _ memory: ServerMemory?, threshold: Double, needed: Double, at now: Moment
    ) -> Recycle.Cause? {
        guard let memory else {
            isRunningOut = Dwell()
            return nil
        }
        let used = memory.reading.part
        if used < threshold - RecycleLimits.hysteresis { isArmed = true }
        let left = memory.secondsLeft ?? .infinity
        let isShort = left < needed && used >= RecycleLimits.forecastFrom
        let runsOut = isRunningOut.holds(isShort, for: RecycleLimits.forecastHolds, at: now)
        guard isArmed, now >= notBefore else { return nil }
        if used >= threshold { return .full(used) }
        return runsOut ? .forecast(left) : nil
    }

    /// A recycle for its memory is planned.
    mutating func disarm() {
        isArmed = false
        isRunningOut = Dwell()
    }

    /// It was not needed after all and may be again, or it did not come to its end.
    mutating func rearm() { isArmed = true }

    /// The cause of one that waits is gone: as clearly as it came, so that it does not come and go.
    func isOver(_ memory: ServerMemory?, threshold: Double, needed: Double) -> Bool {
        guard let memory else { return true }
        let used = memory.reading.part
        return used < threshold - RecycleLimits.hysteresis && memory.secondsLeft ?? .infinity > 2 * needed
    }
}
