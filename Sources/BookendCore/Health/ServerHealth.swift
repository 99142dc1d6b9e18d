// Two levels. *Suspect* is cheap and is taken back as easily: no new requests while others have room. *Dead* is dear:
// connections are closed, and the way back takes a slow start. Traffic is the first detector, the probe the second.
//
//                      good probe
//      starting ─────────────────────▶ healthy ◀───────────────┐
//         │                             │   ▲                  │
//         │ lost; timeouts;    evidence │   │ answers, or      │ slow start over
//         │ wrong answers               ▼   │ good probes      │
//         │                            suspect ──────────▶ returning
//         │        lost; 2 timeouts;    │    good trials     ▲ │
//         │        3 wrong answers      ▼                    │ │ evidence: suspect
//         └──────────────────────────▶ dead ─────────────────┘
//                                            2 good probes
//
// What makes a suspect decides what clears it: who was silent has to answer, whoever lost connections has to take one,
// and who answered with errors has to answer trial requests well: the health path of a broken application is often the
// only one that works. A pause of 300 ms makes a suspect, never a dead server: two probes have to run out of time.

/// The verdict on one server. Pure: what happens comes in with its time, and the state is read afterwards.
public struct ServerHealth: Sendable, Equatable {
    public enum State: UInt8, Sendable, CaseIterable {
        /// Never answered yet, and gets no traffic. → `healthy`, `dead`; `returning` in a fleet that it joins
        case starting
        /// → `suspect`
        case healthy
        /// Gets traffic only when no other has room. → `healthy`, `returning`, `dead`
        case suspect
        /// Gets no traffic as long as another is left. → `returning`
        case dead
        /// Its share grows from one request at a time. → `healthy`, `suspect`
        case returning
    }

    public private(set) var rules: HealthRules
    public private(set) var state: State
    public private(set) var since: Moment
    public private(set) var cause: Cause
    /// The last answer to a request or a probe that was a good one.
    public private(set) var lastGood: Moment?
    public private(set) var lastProbe: Probed?

    public struct Probed: Sendable, Equatable {
        public let at: Moment
        public let result: ProbeResult
    }

    /// Also while a suspicion interrupts it.
    private var slowStartBegan: Moment?
    private var probeBegan: Moment?
    /// What good probes take, smoothed.
    private var usualProbe = TimeSpan.zero
    private var nextProbe: Moment
    private var goodInARow = 0
    private var badInARow = 0
    private var silence = SilenceTest()
    private var burst = ErrorBurst()
    private var trialsAnswered = 0
    /// When the last trial was answered, or else the suspicion began.
    private var lastTrial = Moment.origin
    private var isTrialOut = false
    private var nextTrial = Moment.distantFuture
    private var trialDelay = HealthLimits.firstTrial
    /// It came to a fleet that runs, and was not proven yet.
    private var isJoining = false

    /// - Parameter known: its state before a restart, which is taken over at once.
    public init(_ rules: HealthRules, known: State?, at now: Moment) {
        self.rules = rules
        since = now
        nextProbe = now
        switch known {
        case nil where rules.probes == nil: (state, cause) = (.healthy, .unwatched)
        case nil, .starting: (state, cause) = (.starting, .notProbedYet)
        case .dead where rules.probes != nil: (state, cause) = (.dead, .asBefore)
        case .suspect where rules.probes != nil: (state, cause) = (.suspect, .asBefore)
        default: (state, cause) = (.healthy, .asBefore)
        }
    }

    /// Of a server that comes to a fleet that runs: the others carry the load while its share grows.
    static func joining(_ rules: HealthRules, at now: Moment) -> ServerHealth {
        var health = ServerHealth(rules, known: nil, at: now)
        health.isJoining = true
        if health.state == .healthy { health.enter(.returning, .unwatched, at: now) }
        return health
    }

    /// The configuration changed: the verdict stays, and is looked into anew.
    mutating func follow(_ fresh: HealthRules, at now: Moment) {
        guard fresh != rules else { return }
        rules = fresh
        if rules.probes != nil {
            nextProbe = min(nextProbe, now)
        } else {
            // Only traffic tells from now on: then nobody is dead, and nobody waits for a probe.
            probeBegan = nil
            if state == .dead || state == .starting { enter(.returning, .unwatched, at: now) }
        }
    }

    /// Whether connections to it are of no use any more. One that answers, however wrongly, can end what it began.
    public var isGone: Bool {
        guard state == .dead else { return false }
        switch cause {
        case .probe(.lost, _), .probe(.timedOut, _), .asBefore: return true
        default: return false
        }
    }

    /// How far its slow start is, 0 to 1; 1 in any other state.
    public func slowStartShare(at now: Moment) -> Double {
        guard state == .returning, let slowStartBegan, rules.slowStart > .zero else { return 1 }
        return min(1, (now - slowStartBegan).inSeconds / rules.slowStart.inSeconds)
    }

    /// Evidence that only good answers to requests can take back.
    private var isAccusedOfErrors: Bool {
        switch cause {
        case .errorsInARow, .errorShare: true
        default: false
        }
    }
}

// MARK: - Traffic

extension ServerHealth {
    /// A request lost its connection.
    public mutating func lost(_ loss: Loss, at now: Moment) {
        if state == .healthy || state == .returning { suspect(.connectionLost(loss), at: now) }
    }

    /// What its requests came to since the last look.
    ///
    /// - Parameter hasSlept: Bookend did not run for a part of that time.
    public mutating func see(_ delta: Signs, hasSlept: Bool, at now: Moment) {
        let answers = delta.answered &+ delta.failed
        if delta.answered > 0 { lastGood = now }
        let errors = burst.see(delta, at: now)
        if hasSlept { silence.begin(at: now) }
        let gap = silence.see(answers: answers, inFlight: delta.awaited, at: now)
        switch state {
        case .healthy, .returning:
            if let errors { return suspect(errors, at: now) }
            if let gap, rules.probes != nil { return suspect(.silence(gap, inFlight: delta.awaited), at: now) }
            if state == .returning, slowStartShare(at: now) >= 1 { enter(.healthy, .slowStartOver, at: now) }
        case .suspect:
            // The kind of evidence that is harder to clear counts.
            if let errors, !isAccusedOfErrors { cause = errors }
            judgeTrials(delta, at: now)
            if answers > 0, isSilent { clear(.answeredAgain, at: now) }
        case .starting:
            if delta.answered > 0 { prove(.answeredAgain, at: now) }
        case .dead:
            break
        }
    }

    /// A trial request is due; it is sent by whoever gets true.
    public mutating func takesTrial(at now: Moment) -> Bool {
        guard state == .suspect, isAccusedOfErrors || rules.probes == nil, now >= nextTrial else { return false }
        isTrialOut = true
        // The result moves it again; without one, as long as the longest.
        nextTrial = now + HealthLimits.longestTrial
        return true
    }

    /// Suspected because nothing came back.
    private var isSilent: Bool {
        switch cause {
        case .silence, .probeLate, .probe(.timedOut, _), .asBefore: true
        default: false
        }
    }

    private mutating func judgeTrials(_ delta: Signs, at now: Moment) {
        guard isAccusedOfErrors || rules.probes == nil else { return }
        if delta.failed &+ delta.spoiled &+ delta.connectFailures > 0 {
            lastTrial = now
            trialsAnswered = 0
            // Answers that were in flight at the suspicion come later: only a trial's makes trials rarer.
            guard isTrialOut else { return }
            isTrialOut = false
            trialDelay = min(TimeSpan(nanoseconds: 2 * trialDelay.nanoseconds), HealthLimits.longestTrial)
            nextTrial = now + trialDelay
        } else if delta.whole > 0 {
            lastTrial = now
            isTrialOut = false
            trialsAnswered += Int(clamping: delta.whole)
            nextTrial = now + HealthLimits.nextTrial
            if trialsAnswered >= HealthLimits.goodTrials {
                enter(.returning, .goodTrials(trialsAnswered), at: now)
            }
        } else if now - lastTrial >= HealthLimits.untried,
            rules.probes == nil || goodInARow >= HealthLimits.goodToReturn
        {
            enter(.returning, .untried, at: now)
        }
    }
}

// MARK: - Probes

extension ServerHealth {
    /// When `takesProbe` is to be asked next.
    public var probeDue: Moment { rules.probes == nil || probeBegan != nil ? .distantFuture : nextProbe }

    /// A probe is due and under way from now on, if this gives true; its result is owed to `probed`.
    ///
    /// - Parameter jitter: 0 to 1, at random: probes of several servers and balancers spread out.
    public mutating func takesProbe(jitter: Double, at now: Moment) -> Bool {
        guard let probes = rules.probes, probeBegan == nil, now >= nextProbe else { return false }
        probeBegan = now
        let pace = state == .suspect ? suspectPause : probes.every
        nextProbe = now + TimeSpan(nanoseconds: Int64(Double(pace.nanoseconds) * (1 - 0.2 * jitter)))
        return true
    }

    /// Somebody waits for its answers: it is probed as often as a suspect, and once a second at least.
    mutating func hurryProbe(at now: Moment) {
        nextProbe = min(nextProbe, now + min(suspectPause, HealthLimits.longestCheck))
    }

    /// A probe without an answer for longer than the pace is a sign before it has failed.
    public mutating func checkProbe(at now: Moment) {
        guard let probes = rules.probes, let probeBegan else { return }
        let usual = TimeSpan(nanoseconds: HealthLimits.lateProbe * usualProbe.nanoseconds)
        guard now - probeBegan > max(probes.every, usual) else { return }
        if state == .healthy || state == .returning { suspect(.probeLate(now - probeBegan), at: now) }
    }

    /// The probe under way could not be made; the next one comes at its time.
    public mutating func notProbed() {
        probeBegan = nil
    }

    public mutating func probed(_ result: ProbeResult, at now: Moment) {
        guard let began = probeBegan else { return }
        probeBegan = nil
        let isSame = lastProbe.map { $0.result.isLike(result) } ?? false
        lastProbe = Probed(at: now, result: result)
        if result == .good {
            badInARow = 0
            lastGood = now
            learnProbe(now - began)
            // A probe that began before the suspicion is no answer to it, unless to silence.
            if state != .suspect || began >= since || isSilent { goodInARow += 1 }
            probeWasGood(at: now)
        } else {
            goodInARow = 0
            badInARow = isSame ? badInARow + 1 : 1
            probeWasBad(result, at: now)
        }
    }

    /// Slowly, and not too much at a time: a single probe that waited for a server to wake up is not what is usual.
    private mutating func learnProbe(_ span: TimeSpan) {
        guard let probes = rules.probes else { return }
        let counted = min(span.nanoseconds, 2 * probes.every.nanoseconds)
        usualProbe = TimeSpan(nanoseconds: (15 * usualProbe.nanoseconds + counted) / 16)
    }

    private mutating func probeWasGood(at now: Moment) {
        switch state {
        case .starting:
            prove(.goodProbes(goodInARow), at: now)
        case .dead where goodInARow >= HealthLimits.goodToReturn:
            enter(.returning, .goodProbes(goodInARow), at: now)
        case .suspect where isSilent:
            silence.excuse()
            clear(.answeredAgain, at: now)
        case .suspect where !isAccusedOfErrors && goodInARow >= goodToClear:
            clear(.goodProbes(goodInARow), at: now)
        case .suspect, .dead, .healthy, .returning:
            break
        }
    }

    /// A single lost connection is excused by a single one that stands.
    private var goodToClear: Int {
        if case .connectionLost(.reset) = cause { return 1 }
        return HealthLimits.goodToReturn
    }

    private mutating func probeWasBad(_ result: ProbeResult, at now: Moment) {
        let isDeath =
            switch result {
            case .good: false
            case .lost: state == .suspect || state == .starting
            case .timedOut: badInARow >= HealthLimits.timeoutsToDeath
            case .wrong: badInARow >= HealthLimits.wrongToDeath
            }
        switch state {
        case .dead:
            // Why it is dead now: it may answer again, though wrongly.
            cause = .probe(result, inARow: badInARow)
        case _ where isDeath:
            enter(.dead, .probe(result, inARow: badInARow), at: now)
        case .healthy, .returning:
            suspect(.probe(result, inARow: badInARow), at: now)
        case .suspect, .starting:
            nextProbe = min(nextProbe, now + suspectPause)
        }
    }
}

// MARK: - Transitions

extension ServerHealth {
    private mutating func suspect(_ cause: Cause, at now: Moment) {
        enter(.suspect, cause, at: now)
        goodInARow = 0
        trialsAnswered = 0
        isTrialOut = false
        trialDelay = HealthLimits.firstTrial
        lastTrial = now
        nextTrial = now + trialDelay
        // Asked at once, unless a probe has just failed.
        nextProbe = if case .probe = cause { now + suspectPause } else { now }
    }

    /// The suspicion was wrong. A slow start that it interrupted goes on.
    private mutating func clear(_ cause: Cause, at now: Moment) {
        enter(slowStartBegan == nil ? .healthy : .returning, cause, at: now)
    }

    private mutating func enter(_ next: State, _ cause: Cause, at now: Moment) {
        assert(next != state)
        state = next
        since = now
        self.cause = cause
        switch next {
        case .healthy:
            burst.forget()
            slowStartBegan = nil
        case .returning:
            burst.forget()
            slowStartBegan = slowStartBegan ?? now
        case .dead:
            goodInARow = 0
            slowStartBegan = nil
        case .suspect where isAccusedOfErrors: slowStartBegan = nil
        case .starting, .suspect: break
        }
    }

    /// It answers for the first time.
    private mutating func prove(_ cause: Cause, at now: Moment) {
        enter(isJoining ? .returning : .healthy, isJoining ? .joined : cause, at: now)
    }

    private var suspectPause: TimeSpan {
        guard let probes = rules.probes else { return .zero }
        return max(
            TimeSpan(nanoseconds: probes.every.nanoseconds / HealthLimits.suspectPace), HealthLimits.shortestPace)
    }
}
