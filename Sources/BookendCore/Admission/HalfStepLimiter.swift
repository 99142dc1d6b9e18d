// How many requests can a server work on at a time?
//
// It asks: does twice the concurrency bring twice the throughput? As long as it does, the server has places left. When
// it does not, Little's law tells how many it has: the throughput X at which it is full, times the time R0 that a request
// takes while it is half empty. A quarter on top keeps it busy when a request is shorter than the last:
//
//     cap = ⌈1.25 · X · R0⌉
//
// Both are counted, never sampled by completion: X over rounds in which the server was full, R0 as slot-seconds per
// completion while at most half of the cap was in flight, in quiet times or in *dips*, for which the cap is halved.
// Latency sampled by completion lacks the long requests of each round, and caps made of it run away. Gradients of
// latency (Netflix's Gradient2) and products of best rate and least latency (BBR) were studied beside it: the first
// crawls on a server of 200 places and kills a fragile one, the second collapses where service times vary, as minima of
// noisy means are biased (docs/limiter.md has the figures).
//
// Start: the time of a request is learned at the lowest level, then the level is doubled while twice the concurrency
// brings at least 1.6 times the throughput. A round that tells neither goes on: the decision waits until chance explains
// it no more, as one doubling too many may kill. Between rounds the server settles for one R.
//
// The lowest level is two, and where the server works on one at a time two take twice as long. When requests are slow and
// alike, a few of them alone tell. Then one after the other is best too: as many answers, each of them sooner.
//
// The trade-off: it needs completions to learn from. A server with two places that takes 100 ms is understood after some
// seconds, one that answers a thousand times a second after a fraction of one.

/// The cap of one server, learned from its traffic alone.
public struct HalfStepLimiter: Sendable {
    /// - `doubling` → `holding`: twice the concurrency did not help, or the server died
    /// - `holding` → `doubling`: at the lowest level requests take something else than they can
    public enum Stage: Sendable, Equatable {
        case doubling
        case holding
    }

    public private(set) var stage: Stage
    /// The most requests in flight, dips and raises apart.
    public private(set) var level: Int
    /// What is not exceeded since the server died of more.
    private var ceiling = Double(Self.largest)
    private var deaths = 0
    private var diedOf = 0
    /// The most that was in flight without killing it.
    private var survived = SurvivedPeak()

    /// While at most half of the level was in flight.
    private var base = WorkSample.none
    private var round = WorkSample.none
    private var quiet = WorkSample.none
    /// The last few completions, and the few before them if they could not be with this base.
    private var recent = WorkSample.none
    private var contradiction: WorkSample?
    private var alone: AloneLook?
    /// Seconds in which the one place was taken and nobody got an answer.
    private var stalled = 0.0
    private var dip: Dip
    /// The base was checked at this level.
    private var hasLookedTwice = false
    private var raise = Raise()
    /// What is seen before belongs to the level before.
    private var settled: Moment
    private var roundsWithPlacesLeft = 0
    /// While doubling: the load, or a configured bound, leaves places of the level empty.
    private var isBoundedOtherwise = false
    /// Of the level, over many rounds.
    private var usual: Double

    /// - Parameter survived: the cap before a restart, if one is known.
    public init(survived: Int?, at now: Moment) {
        level = min(max(1, survived ?? Self.lowest), Self.largest)
        stage = survived == nil ? .doubling : .holding
        usual = Double(level)
        settled = now
        dip = Dip(at: now)
        // More are tried soon, also from one.
        if survived != nil { raise.rest(at: Self.lowest, from: now) }
    }

    /// The most requests that may be in flight now.
    public var cap: Int {
        if alone != nil { return 1 }
        if raise.isOn { return raisedLevel }
        return dip.isOn ? max(1, level / 2) : level
    }

    /// What holds the cap where it is.
    var reason: ServerCap.Reason {
        level >= Int(ceiling) ? .death : stage == .doubling ? .learning : .latency
    }

    /// What a request takes when nothing waits, once that is known.
    public var baseTime: TimeSpan? {
        base.completions > 0 ? TimeSpan(nanoseconds: Int64(base.residence * 1e9)) : nil
    }

    /// How long a request may wait for this server in overload: what an answer takes; twice that if there is one place in all,
    /// which would stay empty between arrivals. While places are being learned, nothing is known that could justify a refusal.
    ///
    /// - Parameter places: of the whole pool.
    public func patience(places: Int) -> TimeSpan {
        let answer = (stage == .holding || isBoundedOtherwise ? baseTime : nil) ?? Self.learningPatience
        return places == 1 ? TimeSpan(nanoseconds: 2 * answer.nanoseconds) : answer
    }

    /// - Parameter sample: since the last call.
    public mutating func see(_ sample: WorkSample, at now: Moment) {
        survived.see(sample.concurrency, at: now)
        guard now >= settled, sample.seconds > 0 else { return }
        if alone != nil { return seeAlone(sample, at: now) }
        if dip.isOn { return endDip(sample, at: now) }
        if raise.isOn { return endRaise(sample, at: now) }
        guard !openSecond(sample, at: now) else { return }
        checkBase(sample, at: now)
        learnQuiet(sample)
        learnRound(sample)
        switch stage {
        case .doubling: double(at: now)
        case .holding: hold(at: now)
        }
    }

    /// It is known to have died of so many in flight.
    public mutating func remember(death inFlight: Int) {
        ceiling = max(1, Self.survival * Double(inFlight))
        level = min(level, Int(ceiling))
    }

    /// It had died before Bookend restarted. What its ceiling had healed to since then holds.
    public mutating func remember(_ death: Death) {
        deaths = death.times
        diedOf = death.inFlight
        ceiling = death.ceiling
        level = min(level, Int(ceiling))
    }

    /// What a restart must not forget; nil when load never killed the server.
    public var death: Death? { deaths > 0 ? Death(inFlight: diedOf, times: deaths, ceiling: ceiling) : nil }

    /// The server died with so many in flight. One that was neither full nor fuller than ever died of something else; a
    /// deploy kills too.
    ///
    /// - Returns: whether load is taken for the cause.
    public mutating func died(inFlight: Int, at now: Moment) -> Bool {
        let isNew = Double(inFlight) > 1.1 * Double(survived.value)
        guard inFlight >= Self.fewestOfDeath, isNew || inFlight >= level - level / 10 else { return false }
        deaths += 1
        diedOf = inFlight
        remember(death: inFlight)
        alone = nil
        dip.cancel()
        raise.cancel()
        survived.died()
        hold(level, at: now)
        return true
    }

    // MARK: - Learning

    private mutating func learnRound(_ sample: WorkSample) {
        // A load that has just come is not averaged with the calm before it.
        if !isFull(round), isFull(sample), round.seconds > Self.memory * max(sample.seconds, expected) {
            round = .none
        }
        round += sample
    }

    /// What a request takes, as far as it is known: seconds.
    private var expected: Double { base.completions > 0 ? base.residence : 0 }

    private func isFull(_ sample: WorkSample) -> Bool {
        sample.concurrency >= Self.full * Double(level)
    }

    /// In quiet times the time of a request is there for the taking.
    private mutating func learnQuiet(_ sample: WorkSample) {
        guard stage == .holding else { return }
        // Bursts with nobody between them are no quiet time.
        if sample.slotSeconds > 0 { quiet += sample }
        guard quiet.completions >= Self.quietRound * spread, quiet.seconds > Self.memory * expected else { return }
        // With one place everybody is alone.
        if quiet.concurrency <= max(AloneLook.one, Double(level) / 2) { learnBase(quiet, weight: Self.quietWeight) }
        quiet = .none
    }

    /// Whatever the server is, a request takes no longer alone than beside others, and `c` at a time take no longer than one
    /// after the other: R0 ≤ R(c) ≤ c · R0. Twice outside of it, and the work itself has changed: a database has become
    /// slow, or is well again. Once may be a pause.
    private mutating func checkBase(_ sample: WorkSample, at now: Moment) {
        if sample.slotSeconds > 0 { recent += sample }
        guard base.completions > 0, recent.completions >= Self.fewest * max(1, spread) else { return }
        let times = recent.residence / base.residence
        defer { recent = .none }
        guard times * Self.impossible < 1 || times > Self.impossible * max(1, recent.concurrency) else {
            return contradiction = nil
        }
        guard let first = contradiction else { return contradiction = recent }
        contradiction = nil
        base = recent
        // The change may have come in the midst of the first few.
        if Self.alike < first.residence / recent.residence { base += first }
        round = .none
        raise.forget()
        if level <= Self.lowest {
            // Nothing is known of how many places it has now. Places come first: it may be a database that has become slow.
            stage = .doubling
            isBoundedOtherwise = false
            hasLookedTwice = false
            if isFull(recent) { set(2 * level, at: now) } else { lookAlone(at: now) }
        }
    }

    private mutating func learnBase(_ sample: WorkSample, weight: Double) {
        base += sample
        base.weigh(atMost: weight * spread)
    }

    /// The squared variation of what requests take, which says how many of them tell something. Of the base alone: while
    /// requests wait inside the server, their times are more alike than their work. Few of them tell little about it, so
    /// they are taken together with some that vary as much as they last.
    private var spread: Double {
        let few = Self.fewForSpread
        let seen = (base.completions * base.squaredVariation + few) / (base.completions + few)
        return min(Self.mostSpread, max(Self.leastSpread, seen))
    }

    // MARK: - The start

    private mutating func double(at now: Moment) {
        let enough = max(Self.startRound * spread, 2 * Double(level))
        guard round.completions >= (base.completions > 0 ? enough : 2 * enough) else { return }
        guard base.completions > 0 else {
            // Nothing to compare with yet, full or not.
            base = round
            if !lookAlone(at: now), isFull(round) { set(2 * level, at: now) }
            return round = .none
        }
        isBoundedOtherwise = !isFull(round)
        guard !isBoundedOtherwise else { return round = .none }
        let gain = base.residence / round.residence
        let chance = (spread * (1 / base.completions + 1 / round.completions)).squareRoot()
        let margin = 1 + Self.confidence * chance
        let isClear = gain >= Self.worthwhile ? gain > 0.5 * margin : gain * margin < 1
        guard isClear || hasLookedTwice || round.completions >= Self.longest * enough else { return }
        if gain >= Self.worthwhile {
            if gain > Self.alike { base += round }
            set(2 * level, at: now)
        } else if !hasLookedTwice, lookAlone(at: now) || doubt > 0 {
            // Perhaps the base is wrong: a second look, alone or at half of the level, and then at all there is.
            hasLookedTwice = true
            if alone == nil { beginDip(for: Self.longestDoubt, until: doubt, at: now) }
        } else {
            dip.restBeforeFirst(from: now)
            hold(needed, at: now)
        }
    }

    /// Those that are slow and alike may have taken their time beside each other: a few alone tell. Where there are more
    /// places than a few, a look would cost too much.
    ///
    /// - Returns: whether a look begins.
    @discardableResult
    private mutating func lookAlone(at now: Moment) -> Bool {
        guard areSlowAndAlike, base.concurrency > AloneLook.one, level <= 2 * Self.lowest else { return false }
        alone = AloneLook(after: base)
        settle(for: base.residence, at: now)
        return true
    }

    private mutating func seeAlone(_ sample: WorkSample, at now: Moment) {
        guard let finding = alone?.see(sample) else { return }
        alone = nil
        if case .base(let seen) = finding { base = seen }
        settle(for: expected, at: now)
    }

    private mutating func hold(_ new: Int, at now: Moment) {
        stage = .holding
        set(new, at: now)
        usual = Double(level)
        raise.rest(at: level, from: now)
    }

    // MARK: - Afterwards

    private mutating func hold(at now: Moment) {
        guard base.completions > 0 else { return beginDip(at: now) }
        defer { beginDip(at: now) }
        guard !beginRaise(at: now) else { return }
        guard round.completions >= max(Self.round * spread, 2 * Double(level)) else { return }
        guard isFull(round) else { return round = .none }
        // One death may have been somebody's doing. What dies twice of as many has said so.
        if deaths == 1 { ceiling = min(Double(Self.largest), ceiling * (1 + Self.healing * round.seconds)) }
        raise.collect(round, at: level, spread: spread)
        let used = places / Double(level)
        roundsWithPlacesLeft = used > Self.placesLeft ? roundsWithPlacesLeft + 1 : 0
        // One is always used whole: whether two help a raise tells.
        let isSure =
            level > 1 && roundsWithPlacesLeft >= Self.sureRounds && base.completions >= Self.startRound * spread
        let growth = isSure ? 2 : Self.growth
        let wanted = isSure ? Int((2 * places).rounded(.up)) : needed
        let least = wanted == 1 && level <= Self.lowest + 1 ? 1 : Int((Self.shrinking * Double(level)).rounded(.up))
        let most = Int((growth * Double(level)).rounded(.up))
        let before = level
        set(min(max(wanted, least), most), at: now)
        if level == 1, before > 1 { raise.rest(at: level, from: now) }
        usual += Self.usualStep * (Double(level) - usual)
        if Double(level) < Self.unusual.lowerBound * usual || Double(level) > Self.unusual.upperBound * usual {
            // Requests do not take what they took: what is known of them counts little from now on.
            base.weigh(atMost: Self.freshWeight * spread)
            raise.forget()
            usual = Double(level)
        }
    }

    private var places: Double { round.throughput * base.residence }

    /// Of places, what keeps the server busy.
    private var needed: Int {
        areSlowAndAlike && places < Self.onePlace ? 1 : Int((Self.reserve * places).rounded(.up))
    }

    /// One after the other may be best. Requests that hang beside them do not make them slow.
    private var areSlowAndAlike: Bool {
        base.squaredVariation < Self.alikeVariation
            && base.latencySum >= max(Self.slow * base.completions, Self.alike * base.slotSeconds)
    }

    private mutating func set(_ new: Int, at now: Moment) {
        let seen = round.completions > 0 ? round : base
        let residence = seen.completions > 0 ? seen.residence : Self.unknownResidence
        level = max(1, min(new, Int(ceiling)))
        hasLookedTwice = false
        settle(for: residence, at: now)
        round = .none
    }

    /// What is in flight belongs to the level before for as long as a request takes.
    private mutating func settle(for residence: Double, at now: Moment) {
        settled = now + Self.span(min(residence, Self.longestSettling))
    }

    /// A request that does not end must not keep all others from the only place.
    private mutating func openSecond(_ sample: WorkSample, at now: Moment) -> Bool {
        stalled = sample.isStalled ? stalled + sample.seconds : 0
        guard level == 1, base.completions > 0, stalled > Self.stall * base.residence else { return false }
        stalled = 0
        set(2, at: now)
        return true
    }

    // MARK: - Raises

    private var raisedLevel: Int { min(Raise.level(over: level), Int(ceiling)) }

    private mutating func beginRaise(at now: Moment) -> Bool {
        let mayHelp = raisedLevel > level && isFull(round)
        guard mayHelp, raise.begin(from: level, to: raisedLevel, spread: spread, at: now) else { return false }
        settle(for: round.residence, at: now)
        round = .none
        return true
    }

    private mutating func endRaise(_ sample: WorkSample, at now: Moment) {
        let most = raisedLevel
        guard let end = raise.see(sample, from: level, to: most, spread: spread) else { return }
        if case .helps(let seen) = end {
            // There are places left: what a request takes is what it took now.
            base.weigh(atMost: Self.freshWeight * spread)
            base += seen
            base.weigh(atMost: Self.dipWeight * spread)
            set(most, at: now)
            usual = Double(level)
        } else {
            set(level, at: now)
        }
        raise.rest(at: level, from: now)
    }

    // MARK: - Dips

    /// Completions that the base lacks to be relied on.
    private var doubt: Double { Self.trusted * spread - base.completions }

    private mutating func beginDip(at now: Moment) {
        guard dip.isDue(at: now), settled <= now, level >= 2, isFull(round), round.completions > 0 else { return }
        beginDip(for: min(Self.dipLength * residence, Self.longestSettling), until: .infinity, at: now)
    }

    /// What a request takes, or what it took in this round.
    private var residence: Double { base.completions > 0 ? base.residence : round.residence }

    private mutating func beginDip(for seconds: Double, until goal: Double, at now: Moment) {
        settle(for: residence, at: now)
        dip.begin(until: settled + Self.span(seconds), or: goal)
    }

    private mutating func endDip(_ sample: WorkSample, at now: Moment) {
        guard let seen = dip.see(sample, at: now) else { return }
        let length = seen.seconds + min(expected, Self.longestSettling)
        if seen.completions >= 1 { learnBase(seen, weight: Self.dipWeight) }
        dip.rest(after: length, isInDoubt: doubt > 0, from: now)
        settle(for: expected, at: now)
        if stage == .holding { round = .none }
    }

    static func span(_ seconds: Double) -> TimeSpan {
        TimeSpan(nanoseconds: Int64(seconds * 1e9))
    }
}
