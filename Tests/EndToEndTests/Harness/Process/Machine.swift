/// Who uses the machine: tests beside each other, or one that measures time and has it for itself.
actor Machine {
    static let shared = Machine()

    private var users = 0
    private var isTaken = false
    /// Tests that wait for the machine for themselves; no other begins before them.
    private var alone: [CheckedContinuation<Void, Never>] = []
    private var others: [CheckedContinuation<Void, Never>] = []

    func enter(alone wantsAlone: Bool) async {
        if wantsAlone {
            if users > 0 || isTaken { await withCheckedContinuation { alone.append($0) } } else { isTaken = true }
        } else {
            if isTaken || !alone.isEmpty { await withCheckedContinuation { others.append($0) } } else { users += 1 }
        }
    }

    func leave(alone wasAlone: Bool) {
        if wasAlone { isTaken = false } else { users -= 1 }
        guard users == 0, !isTaken else { return }
        if !alone.isEmpty {
            isTaken = true
            alone.removeFirst().resume()
        } else {
            users = others.count
            for other in others { other.resume() }
            others = []
        }
    }
}
