// A server is out of rotation for a reason that has an owner, a text and an end. Probes go on meanwhile. At the end it is
// checked and comes back by itself, or raises an alarm and is checked on: nobody can be forgotten.
//
//     asked ────────────────▶ draining ─────────────────▶ out
//       │  the rest carried       │   nothing in flight    │ time is up, restored,
//       │  every step             │                        │ called back
//       │                         │ time is up,            ▼     a bad probe
//       │ the rest                │ restored,          verifying ──────────▶ overdue
//       │ saturates,              │ called back            │                    │
//       │ restored                │                        └─────┬──────────────┘
//       ▼                         ▼                              ▼ two good probes
//      back ◀──────────────────────────────────────────────── slowStart
//                          its cap is whole again
//
// `asked` is a trial: what the rest holds is not known, so the server's requests are taken away in steps, and given back
// at the first sign that the others have too many. One that is still draining has never left, and is back at once.
// Prolonging a lease that is over (`verifying`, `overdue`) leads to `out` again.

/// One server's maintenance. Pure: what happens comes in with its time, and the state is read afterwards.
public struct Lease: Sendable, Equatable {
    public enum State: Sendable, CaseIterable {
        /// In rotation, with fewer places from step to step. → `draining`, `back`
        case asked
        /// Gets nothing new; what it has in flight ends. → `out`, `back`
        case draining
        /// Nothing of ours is on it. → `verifying`
        case out
        /// The lease is over, and it has to answer two probes; after a recycle it has time to start. → `slowStart`, `overdue`, `out`
        case verifying
        /// It did not. → `slowStart`, `out`
        case overdue
        /// In rotation, from few requests to all. → `back`
        case slowStart
        /// The lease is no more.
        case back
    }

    /// Why it ended, or is about to.
    public enum Ending: Sendable, Equatable {
        case timeIsUp
        case restored(by: String)
        case recalled(Need)
        /// The trial showed that the others cannot do without it.
        case saturated(Need)
        /// The clean-up hook is over, well or not.
        case recycled
    }

    /// Why the others need it.
    public enum Need: Sendable, Equatable {
        case requestsRefused
        case requestsWait
        /// This one of the others is suspect or dead; nil when it has left the fleet since.
        case lost(ServerID?)
    }

    public private(set) var owner: String
    public private(set) var why: String
    /// Taken although the guard did not pass.
    public let isForced: Bool
    public let mayRecall: Bool
    /// A step of a recycle.
    public private(set) var isRecycle: Bool
    /// At its end the server may fail its checks for so long before it is overdue: it starts.
    var ready: TimeSpan
    /// As they were when the drain began; nil of a lease from before a restart.
    public private(set) var figures: GuardFigures?
    public private(set) var state: State
    /// In this state.
    public private(set) var since: Moment
    public private(set) var ends: Moment
    public private(set) var ending: Ending?
    /// Since Bookend started, and what it had lasted before.
    let began: Moment
    private let before: TimeSpan
    private var goodInARow = 0
    /// When the time was up, or the server was wanted back.
    private(set) var overSince: Moment?

    init(_ terms: LeaseTerms, _ figures: GuardFigures, at now: Moment) {
        owner = terms.owner
        why = terms.why
        isForced = terms.isForced && figures.verdict != .passes
        mayRecall = terms.mayRecall
        isRecycle = terms.isRecycle
        ready = terms.ready
        self.figures = figures
        state = figures.verdict == .trial && !terms.isForced ? .asked : .draining
        since = now
        began = now
        before = .zero
        ends = now + terms.length
    }

    /// As it was before a restart. What was in flight then is no more: it is `out`, unless requests were sent there again
    /// before it was known.
    init(_ kept: KeptLease, state: State, at now: Moment) {
        owner = kept.owner
        why = kept.why
        isForced = kept.isForced
        mayRecall = kept.mayRecall
        isRecycle = kept.isRecycle
        ready = .zero
        figures = nil
        self.state = state
        since = now
        began = now
        before = kept.age
        ends = now + kept.left
    }

    /// It gets no request.
    public var isHeld: Bool {
        switch state {
        case .draining, .out, .verifying, .overdue: true
        case .asked, .slowStart, .back: false
        }
    }

    /// The server is wanted back, or on its way.
    var isOver: Bool {
        switch state {
        case .asked, .draining, .out: false
        case .verifying, .overdue, .slowStart, .back: true
        }
    }

    /// After its hook it may fail its checks for a while: nobody has to be woken yet.
    func isStarting(at now: Moment) -> Bool { state == .verifying && now - since < ready }

    public func age(at now: Moment) -> TimeSpan {
        TimeSpan(nanoseconds: before.nanoseconds + (now - began).nanoseconds)
    }

    /// What is to be known of it after a restart; nil while the server is in rotation, and of a recycle whose hook has not
    /// begun: there is nothing to wait for.
    func kept(of server: ServerID, at now: Moment) -> KeptLease? {
        guard isHeld, !(isRecycle && state == .draining) else { return nil }
        return KeptLease(
            server: server, owner: owner, why: why, age: age(at: now), left: ends - now, isForced: isForced,
            mayRecall: mayRecall, isRecycle: isRecycle)
    }

    /// So many requests may be in flight there; nil when no trial is under way.
    func trialPlaces(at now: Moment) -> Int? {
        guard state == .asked, let figures else { return nil }
        let steps = 1 + (now - since).nanoseconds / LeaseLimits.trialStep.nanoseconds
        let part = max(0, 1 - Double(steps) / Double(LeaseLimits.trialSteps))
        return max(1, Int((part * Double(figures.carried)).rounded(.up)))
    }

    /// How far it is back, 0 to 1; 1 unless it is in slow start.
    func share(over slowStart: TimeSpan, at now: Moment) -> Double {
        guard state == .slowStart, slowStart > .zero else { return 1 }
        return min(1, (now - since).inSeconds / slowStart.inSeconds)
    }

    /// Until the trial is decided; zero without one.
    public func trialLeft(at now: Moment) -> TimeSpan {
        state == .asked ? since + Self.trialLength - now : .zero
    }

    /// The last step leaves nothing, so it is the drain.
    private static let trialLength = TimeSpan(
        nanoseconds: LeaseLimits.trialStep.nanoseconds * Int64(LeaseLimits.trialSteps - 1))
}

// MARK: - What happens

extension Lease {
    /// That server has left the fleet, and its number may become another's.
    mutating func forget(_ server: ServerID) {
        figures?.forget(server)
        switch ending {
        case .recalled(.lost(server)): ending = .recalled(.lost(nil))
        case .saturated(.lost(server)): ending = .saturated(.lost(nil))
        default: break
        }
    }

    /// Time passed.
    ///
    /// - Parameters:
    ///   - saturation: the first sign that the others have too many.
    ///   - rules: of the server's probes and slow start.
    mutating func look(inFlight: Int, saturation: Need?, _ rules: HealthRules, at now: Moment) {
        switch state {
        case .asked:
            if let saturation { return end(.saturated(saturation), at: now) }
            if now >= ends { return end(.timeIsUp, at: now) }
            if now - since >= Self.trialLength { enter(.draining, at: now) }
        case .draining:
            if now >= ends { return end(.timeIsUp, at: now) }
            if inFlight <= 0 { enter(.out, at: now) }
        case .out:
            if now >= ends { end(.timeIsUp, at: now) }
        case .verifying, .overdue:
            // Nobody asks how it is, so there is nothing to wait for.
            if rules.probes == nil { enter(.slowStart, at: now) }
        case .slowStart:
            if share(over: rules.slowStart, at: now) >= 1 { enter(.back, at: now) }
        case .back:
            break
        }
    }

    mutating func probed(_ result: ProbeResult, at now: Moment) {
        guard state == .verifying || state == .overdue else { return }
        goodInARow = result == .good ? goodInARow + 1 : 0
        if goodInARow >= HealthLimits.goodToReturn {
            enter(.slowStart, at: now)
        } else if result != .good, state == .verifying, now - since >= ready {
            enter(.overdue, at: now)
        }
    }

    /// The server is wanted back. One that is on its way already goes on.
    mutating func end(_ ending: Ending, at now: Moment) {
        switch state {
        case .asked, .draining:
            self.ending = ending
            enter(.back, at: now)
        case .out:
            self.ending = ending
            overSince = now
            ends = min(ends, now)
            enter(.verifying, at: now)
        case .verifying, .overdue, .slowStart, .back:
            break
        }
    }

    /// A new decision, with an owner and a reason. The longest time that a lease may last does not begin anew.
    mutating func extend(by span: TimeSpan, owner: String, why: String, at now: Moment) throws(LeaseRefusal) {
        guard isHeld || state == .asked else { throw .notLeased }
        let end = max(ends, now) + span
        let length = TimeSpan(nanoseconds: age(at: now).nanoseconds + (end - now).nanoseconds)
        guard span >= LeaseLimits.lengths.lowerBound, length <= LeaseLimits.lengths.upperBound else {
            throw .length(length)
        }
        self.owner = owner
        self.why = why
        ends = end
        guard state == .verifying || state == .overdue else { return }
        // What it was taken out for is over: from now on it is out for somebody's own reason.
        isRecycle = false
        ending = nil
        overSince = nil
        enter(.out, at: now)
    }

    private mutating func enter(_ next: State, at now: Moment) {
        assert(next != state)
        state = next
        since = now
        goodInARow = 0
    }
}
