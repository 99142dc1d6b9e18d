import BookendCore

/// Operators who take servers out, prolong, forget and restore, and a Bookend that restarts meanwhile.
extension FleetSchedule {
    /// From the end of a lease, or from when the server was well again, to its return: two probes of a suspect's pace, one
    /// that runs out of time before them, and looks.
    private static let returning = TimeSpan.seconds(3)

    mutating func maintain() {
        switch Int.random(in: 0..<14, using: &random) {
        case 0: restart()
        case 1: pressedUntil = now + .milliseconds(Int64.random(in: 100...3_000, using: &random))
        case 2, 3: restore()
        case 4: extend()
        case 5:
            // Two who do not know of each other.
            take()
            take()
        case 6, 7: recycle()
        case 8: callOff()
        case 9: fill()
        default: take()
        }
    }

    private mutating func take() {
        let id = ServerID(index: Int.random(in: servers.indices, using: &random))
        let length = TimeSpan.milliseconds(Int64.random(in: 1_000...20_000, using: &random))
        let terms = LeaseTerms(
            length: length, owner: "ada", why: "test", isForced: Int.random(in: 0..<6, using: &random) == 0,
            mayRecall: Bool.random(using: &random))
        let before = standings
        let missing = servers.indices.filter { index in
            fleet.lease(of: ServerID(index: index)).map { $0.state != .slowStart } ?? false
        }
        let (outcome, actions) = fleet.take(terms, of: id, at: now)
        perform(actions)
        guard case .success(let lease) = outcome else { return }
        leases[id.index] = now + length
        checkGuard(of: lease, id, before.map { $0.tier <= .spare }, missing)
    }

    /// A guard that passed was true when the drain began: it counted only servers in rotation that nobody else takes out.
    mutating func checkGuard(of lease: Lease, _ id: ServerID, _ serving: [Bool], _ missing: [Int]) {
        guard let figures = lease.figures else { return problem = "a lease without figures" }
        for part in figures.rest {
            let index = part.server.index
            if missing.contains(index) || index == id.index { problem = "the guard counts \(index), which leaves too" }
            if !serving[index] { problem = "the guard counts \(index), which does not serve" }
        }
        guard !lease.isForced, figures.isServing else { return }
        if figures.rest.isEmpty { problem = "the last server was taken out: \(id)" }
        if lease.state == .draining, figures.holds < max(figures.inFlight, figures.usual) {
            problem = "taken out although \(figures.holds) < \(figures.needed)"
        }
        if fleet.cap(of: id).limit < 1 { problem = "no place in a trial" }
    }

    private mutating func extend() {
        let id = ServerID(index: Int.random(in: servers.indices, using: &random))
        let span = TimeSpan.milliseconds(Int64.random(in: 1_000...5_000, using: &random))
        let (outcome, actions) = fleet.extend(id, by: span, owner: "bob", why: "longer", at: now)
        perform(actions)
        guard case .success(let lease) = outcome else { return }
        leases[id.index] = max(lease.ends, max(leases[id.index] ?? now, now) + span)
        if lease.isRecycle { problem = "the lease of a recycle was prolonged, which the end of its hook would end" }
    }

    private mutating func restore() {
        let id = ServerID(index: Int.random(in: servers.indices, using: &random))
        let (outcome, actions) = fleet.restore(id, by: "ada", at: now)
        perform(actions)
        if case .success = outcome { leases[id.index] = now }
    }

    /// kill -9, and a moment later another one with what the first had written.
    private mutating func restart() {
        let known = servers.indices.map { fleet.known(of: ServerID(index: $0)) }
        let kept = fleet.keptLeases(at: now)
        let away = TimeSpan.milliseconds(Int64.random(in: 10...3_000, using: &random))
        now = now + away
        restarted = now
        for index in servers.indices { servers[index].forgetBookend() }
        fleet = FleetMachine(rules, known: known, seed: random.next(), at: now)
        let actions = fleet.resume(
            kept.map {
                KeptLease(
                    server: $0.server, owner: $0.owner, why: $0.why,
                    age: TimeSpan(nanoseconds: $0.age.nanoseconds + away.nanoseconds),
                    left: TimeSpan(nanoseconds: $0.left.nanoseconds - away.nanoseconds), isForced: $0.isForced,
                    mayRecall: $0.mayRecall, isRecycle: $0.isRecycle)
            }, at: now)
        standings = fleet.standings
        perform(actions)
        for lease in kept where standings[lease.server.index].tier != .leased {
            problem = "a restart forgot the lease of \(lease.server)"
        }
    }

    /// Whoever is leased gets nothing, and nobody who is well stays out past the end.
    mutating func checkLeases() {
        for index in servers.indices {
            let lease = fleet.lease(of: ServerID(index: index))
            let isHeld = lease?.isHeld ?? false
            if isHeld != (standings[index].tier == .leased) {
                problem = "\(index) is \(standings[index].tier), lease \(isHeld)"
            }
            guard isHeld else { continue }
            guard let end = leases[index] else { return problem = "\(index) is out, and nobody asked for it" }
            let due = max(end, max(restarted, servers[index].mode == .well ? servers[index].modeSince : now))
            if now - due > Self.returning { problem = "\(index) is well and out, \(now - end) past its lease" }
        }
    }

    /// No alarm about leases without a lease.
    var maintenanceIsOver: Bool {
        !fleet.openAlarms.contains { alarm in
            switch alarm.kind {
            case .overdue, .forgotten, .forced, .recycleWaits: true
            // Whose hook failed last is told until it is recycled well.
            case .noSpare, .share, .recycleFailed: false
            }
        }
    }
}
