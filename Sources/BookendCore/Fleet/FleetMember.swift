/// One server as the fleet knows it.
struct FleetMember: Sendable {
    private(set) var weight: Int
    private(set) var isBackup: Bool
    var health: ServerHealth
    var pace = Pace()
    var limiter: HalfStepLimiter
    private var isLimited: Bool
    private var configuredCap: Int?
    var memory = MemoryModel()
    private var forecast = MemoryForecast()
    private(set) var advice = AgentAdvice.none
    /// When its agent answered last.
    private var advised = Moment.origin
    /// As published last.
    var cap = ServerCap.unlimited
    /// Of the requests in flight.
    var peak = RecentPeak()
    /// At the last look.
    var seen = Signs()
    /// In flight at most, since it was dead.
    var most = 0
    var lease: Lease?
    /// The one before, as it ended.
    var lastLease: Lease?
    /// It is past its end.
    var pastLease = Dwell()
    /// Nil without a clean-up hook.
    private(set) var recycle: RecycleRules?
    var recycleWatch = RecycleWatch()

    init(_ server: FleetRules.Server, _ pool: FleetRules.Pool, known: FleetRules.Known?, at now: Moment) {
        weight = server.weight
        isBackup = server.isBackup
        recycle = server.recycle
        health = ServerHealth(pool.health, known: known?.state, at: now)
        isLimited = pool.isLimited
        configuredCap = server.cap
        limiter = HalfStepLimiter(survived: known?.cap, at: now)
        if let death = known?.death { limiter.remember(death) }
    }

    /// A server that comes to a fleet that runs: nothing is known of it, so it is probed first, and its share grows.
    ///
    /// - Parameter seen: what was counted of its number until now.
    static func joining(
        _ server: FleetRules.Server, _ pool: FleetRules.Pool, seen: Signs, at now: Moment
    ) -> FleetMember {
        var member = FleetMember(server, pool, known: nil, at: now)
        member.health = .joining(pool.health, at: now)
        member.seen = seen
        return member
    }

    /// The configuration changed. What was learned stays.
    mutating func follow(_ server: FleetRules.Server, _ pool: FleetRules.Pool, at now: Moment) {
        weight = server.weight
        isBackup = server.isBackup
        isLimited = pool.isLimited
        configuredCap = server.cap
        recycle = server.recycle
        if recycle == nil { recycleWatch = RecycleWatch() }
        health.follow(pool.health, at: now)
    }

    /// How many requests it may have in flight now.
    ///
    /// - Parameter hasPeer: somebody else of its pool is healthy, and carries what a slow start leaves.
    func currentCap(hasPeer: Bool, at now: Moment) -> ServerCap {
        cap(ofLimiter: limiter.cap, hasPeer: hasPeer, at: now).atMost(lease?.trialPlaces(at: now), .draining)
    }

    /// Requests that it can be counted on for when others leave, and whether it perhaps holds more. The limiter's level,
    /// as its cap dips and rises while it learns.
    func holds(at now: Moment) -> (places: Int, isAtLeast: Bool) {
        let cap = cap(ofLimiter: limiter.level, hasPeer: true, at: now)
        let isAtLeast =
            switch cap.reason {
            case .learning, .slowStart, .none: true
            case .memory: memory.fit == nil && memory.gate == .open
            case .latency, .death, .configured, .agent, .draining: false
            }
        let places = cap.reason == .none ? most : cap.limit
        return (places * pace.share / Pace.wholeShare, isAtLeast)
    }

    private func cap(ofLimiter places: Int, hasPeer: Bool, at now: Moment) -> ServerCap {
        var cap = ServerCap.unlimited
        if isLimited { cap = cap.atMost(places, limiter.reason) }
        cap = cap.atMost(memory.places(inFlight: seen.inFlight, at: now), .memory)
        cap = cap.atMost(configuredCap, .configured)
        cap = cap.atMost(advice.cap, .agent)
        let share = slowStartShare(at: now)
        guard share < 1, hasPeer else { return cap }
        // From few requests to all: a cold server with nothing in flight looks attractive.
        let full = cap.reason == .none ? FleetLimits.unlimitedSlowStart : cap.limit
        return cap.atMost(max(HalfStepLimiter.lowest, Int(share * Double(full))), .slowStart)
    }

    mutating func report(_ reading: MemoryReading, at now: Moment) {
        // Who tells bytes knows more than who tells a part; heard by turns they would look like two servers.
        if reading.isShare, memory.isCurrent(at: now), memory.reading?.isShare == false { return }
        memory.see(reading, inFlight: seen.inFlight, at: now)
        let share = memory.fit.map { $0.perRequest * Double(seen.inFlight) } ?? 0
        forecast.see(reading, share: share, at: now)
    }

    /// It is a new process: what memory the last one used says nothing.
    mutating func restarted() {
        memory.restarted()
        forecast = MemoryForecast()
        most = 0
    }

    mutating func take(_ answer: AgentAnswer, at now: Moment) {
        advice.take(answer)
        advised = now
    }

    /// True when what its agent said is void from now on: it has not been heard for too long.
    mutating func forgetsAdvice(at now: Moment) -> Bool {
        guard advice != .none, now - advised >= FleetLimits.agentSilence else { return false }
        advice = .none
        return true
    }

    func memory(at now: Moment) -> ServerMemory? {
        guard memory.isCurrent(at: now), let reading = memory.reading else { return nil }
        return ServerMemory(reading: reading, fit: memory.fit, secondsLeft: forecast.secondsLeft)
    }

    /// The connection to it is refused: it is gone. Gives what follows when load is taken for the cause, and its places are
    /// learned.
    mutating func died(at now: Moment) -> HalfStepLimiter.Death? {
        guard limiter.died(inFlight: peak.value, at: now), isLimited else { return nil }
        return limiter.death
    }

    var known: FleetRules.Known {
        FleetRules.Known(
            state: health.state, cap: limiter.stage == .holding ? limiter.level : nil, death: limiter.death)
    }

    /// What it did since the last look, for its limiter.
    mutating func learn(_ delta: Signs, over span: TimeSpan, at now: Moment) {
        limiter.see(
            WorkSample(
                seconds: span.inSeconds, completions: Double(delta.ended),
                // Read while workers count, it may be a moment ahead, and the next one less than none.
                slotSeconds: max(0, Double(Int64(bitPattern: delta.slotTime)) / 1e9),
                latencySum: Double(delta.latencySum) / 1e6,
                latencySquares: Double(delta.latencySquares) / 1e12), at: now)
    }

    var isEligible: Bool { (health.state == .healthy || health.state == .returning) && !isTakenOut }

    /// By a lease or by its agent.
    var isTakenOut: Bool { isHeld || advice.isOut }

    /// By a lease.
    var isHeld: Bool { lease?.isHeld ?? false }

    /// Healthy, in rotation and not new there: it carries what a slow start leaves.
    var isPeer: Bool { health.state == .healthy && !isTakenOut && lease?.state != .slowStart }

    /// After a death or a lease, 0 to 1.
    func slowStartShare(at now: Moment) -> Double {
        min(health.slowStartShare(at: now), lease?.share(over: health.rules.slowStart, at: now) ?? 1)
    }

    /// The part of its weight that it can be counted on for.
    func strength(at now: Moment) -> Double {
        guard !isTakenOut else { return 0 }
        let part: Double =
            switch health.state {
            case .healthy: slowStartShare(at: now) * Double(pace.share) / Double(Pace.wholeShare)
            case .returning: slowStartShare(at: now)
            case .suspect: now - health.since < FleetLimits.missing ? 1 : 0
            // Nothing is known yet, so nothing is missing yet.
            case .starting: 1
            case .dead: 0
            }
        return part * Double(weight)
    }

    func standing(isSpare: Bool) -> Standing {
        let tier: Standing.Tier =
            switch health.state {
            case .healthy, .returning: advice.isOut ? .out : isSpare ? .spare : .serving
            case .suspect: advice.isOut ? .out : .suspect
            case .starting, .dead: .out
            }
        if isHeld { return Standing(tier: .leased, share: Standing.wholeShare, isGone: health.isGone) }
        var standing = Standing(tier: tier, share: UInt16(pace.share), isGone: health.isGone)
        standing.weightPercent = advice.percent
        return standing
    }
}
