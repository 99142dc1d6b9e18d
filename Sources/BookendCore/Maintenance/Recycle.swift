// A server that leaks is taken out, cleaned up by its hook and brought back, one at a time in a pool:
//
//     waiting ──────────▶ draining ──────────▶ hook ──────────▶ verifying ─────────▶ slowStart ──▶ over
//      │  ▲   the guard      │     nothing       its result,      │   two good probes    ▲
//      │  │   passes: a      │     in flight     or its time      │                      │ two good probes
//      │  │   lease with     │                   is up            ▼                      │
//      │  │   owner          │                                 overdue ──────────────────┘
//      │  │   `bookend`      │                                 not ready in its time
//      │  └──────────────────┤ the others need it
//      ▼                     ▼
//     over                  over
//     called off            called off, or not empty in its time
//
// The lease does what every lease does: it gives the server nothing new, checks it before it comes back, and ends in
// time. So a hook that hangs or fails, and a Bookend that restarts, leave nobody out: at the end of the lease the server is
// checked and comes back, or an alarm says that it does not. What went wrong is told by an alarm of its own, and stops the
// rest of what was asked for together.

/// One server's recycle. Pure: what happens comes in with its time, and the phase is read afterwards.
public struct Recycle: Sendable, Equatable {
    public enum Cause: Sendable, Equatable {
        /// By somebody, for one server or for a whole pool.
        case asked(by: String)
        /// So much of its memory was in use, of 1.
        case full(Double)
        /// Its memory would have been used up in so many seconds.
        case forecast(Double)

        var isMemory: Bool {
            if case .asked = self { false } else { true }
        }
    }

    /// What it waits for.
    public enum Wait: Sendable, Equatable {
        /// The one before it in its pool.
        case turn
        /// Somebody has taken the server out.
        case leased
        /// The others would not carry the load.
        case guarded(GuardFigures)
        /// They were found not to carry it.
        case needed
    }

    public enum Outcome: Sendable, Equatable {
        case done
        case calledOff(by: String)
        /// It was asked for together with this one, which went wrong; nil when that has left the fleet since.
        case stopped(by: ServerID?)
        /// Requests were still in flight when its time was up.
        case notDrained
        case hookFailed
        /// Its memory is as full as before.
        case noHelp
        /// Before its turn came its memory was free again, or is not reported or looked at any more.
        case notNeeded
        /// A changed configuration does not name the server, or no hook for it, any more.
        case notConfigured
    }

    public enum Phase: Sendable, Equatable {
        /// → `draining`, `over`
        case waiting(Wait)
        /// → `hook`, `waiting`, `over`
        case draining
        /// → `verifying`
        case hook
        /// → `slowStart`, `overdue`
        case verifying
        /// → `slowStart`
        case overdue
        /// → `over`
        case slowStart
        case over(Outcome)
    }

    public let server: ServerID
    public let cause: Cause
    public let why: String
    public let asked: Moment
    public internal(set) var phase: Phase
    /// In this phase; of one that waits, whatever for.
    public internal(set) var since: Moment
    /// As configured when it began: they hold to its end, as its lease does.
    var rules: RecycleRules?
    /// When its server was taken out.
    public internal(set) var began: Moment?
    /// Of its hook; nil before, and of one that a Bookend before this one began.
    public internal(set) var hook: UInt64?
    public internal(set) var result: HookResult?
    /// When the hook ended.
    public internal(set) var hookEnded: Moment?
    /// It is not tried before.
    var notBefore: Moment
    /// Since when something else than its turn has stood in its way, without a pause.
    private(set) var blocked: Moment?

    init(_ server: ServerID, _ cause: Cause, why: String, at now: Moment) {
        self.server = server
        self.cause = cause
        self.why = why
        asked = now
        phase = .waiting(.turn)
        since = now
        notBefore = now
    }

    /// One that a Bookend before this one began: whether its hook runs is not known. It has its time to tell.
    init(resumed server: ServerID, _ lease: KeptLease, at now: Moment) {
        self.init(server, .asked(by: lease.owner), why: lease.why, at: now)
        phase = .hook
    }

    public var isOver: Bool {
        if case .over = phase { true } else { false }
    }

    /// Its server is out, or on its way there or back.
    public var hasBegun: Bool {
        switch phase {
        case .waiting, .over: false
        case .draining, .hook, .verifying, .overdue, .slowStart: true
        }
    }

    /// It waits for something else than its turn.
    var isBlocked: Bool {
        switch phase {
        case .waiting(.turn): false
        case .waiting: true
        default: false
        }
    }

    mutating func enter(_ next: Phase, at now: Moment) {
        // Who waits has waited since it was asked for, whatever stood in the way meanwhile.
        if case .waiting = phase, case .waiting = next {} else { since = now }
        phase = next
        blocked = isBlocked ? blocked ?? now : nil
    }

    /// That server has left the fleet, and its number may become another's.
    mutating func forget(_ other: ServerID) {
        if case .waiting(.guarded(var figures)) = phase {
            figures.forget(other)
            phase = .waiting(.guarded(figures))
        }
        if phase == .over(.stopped(by: other)) { phase = .over(.stopped(by: nil)) }
    }

    /// The outcome of one whose server is back.
    ///
    /// - Parameter isFull: its memory is what it was recycled for.
    func outcome(isFull: Bool) -> Outcome {
        guard result?.isGood ?? false else { return .hookFailed }
        return cause.isMemory && isFull ? .noHelp : .done
    }
}

/// Why a recycle is not taken, or not called off.
public enum RecycleRefusal: Error, Sendable, Equatable {
    /// Nothing is configured that would clean up.
    case noHook
    case planned(Recycle)
    case notPlanned
    /// Its hook has begun, or is done: half a clean-up would be worse.
    case begun(Recycle)
    case noOwner
    case noReason
}
