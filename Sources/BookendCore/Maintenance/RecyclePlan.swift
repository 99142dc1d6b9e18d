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
