/// One server as the fleet knows it.
struct FleetMember: Sendable {
    let weight: Int
    let isBackup: Bool
    var health: ServerHealth
    var pace = Pace()
    var limiter: HalfStepLimiter
    private let isLimited: Bool
    private let configuredCap: Int?
    var memory = MemoryModel()
    private var forecast = MemoryForecast()
    /// As published last.
    var cap = ServerCap.unlimited
    /// Of the requests in flight.
    var peak = RecentPeak()
    /// At the last look.
    var seen = Signs()

    init(_ server: FleetRules.Server, _ pool: FleetRules.Pool, known: FleetRules.Known?, at now: Moment) {
        weight = server.weight
        isBackup = server.isBackup
        health = ServerHealth(pool.health, known: known?.state, at: now)
        isLimited = pool.isLimited
        configuredCap = server.cap
        limiter = HalfStepLimiter(survived: known?.cap, at: now)
        if let death = known?.death { limiter.remember(death) }
    }

    /// How many requests it may have in flight now.
    ///
    /// - Parameter hasPeer: somebody else of its pool is healthy, and carries what a slow start leaves.
    func currentCap(hasPeer: Bool, at now: Moment) -> ServerCap {
        var cap = ServerCap.unlimited
        if isLimited { cap = cap.atMost(limiter.cap, limiter.reason) }
        cap = cap.atMost(memory.places(inFlight: seen.inFlight, at: now), .memory)
        cap = cap.atMost(configuredCap, .configured)
        let share = health.slowStartShare(at: now)
        guard share < 1, hasPeer else { return cap }
        // From few requests to all: a cold server with nothing in flight looks attractive.
        let full = cap.reason == .none ? FleetLimits.unlimitedSlowStart : cap.limit
        return cap.atMost(max(HalfStepLimiter.lowest, Int(share * Double(full))), .slowStart)
    }

    mutating func report(_ reading: MemoryReading, at now: Moment) {
        memory.see(reading, inFlight: seen.inFlight, at: now)
        let share = memory.fit.map { $0.perRequest * Double(seen.inFlight) } ?? 0
        forecast.see(reading, share: share, at: now)
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

    var isEligible: Bool { health.state == .healthy || health.state == .returning }

    /// The part of its weight that it can be counted on for.
    func strength(at now: Moment) -> Double {
        let part: Double =
            switch health.state {
            case .healthy: Double(pace.share) / Double(Pace.wholeShare)
            case .returning: health.slowStartShare(at: now)
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
            case .healthy, .returning: isSpare ? .spare : .serving
            case .suspect: .suspect
            case .starting, .dead: .out
            }
        return Standing(tier: tier, share: UInt16(pace.share), isGone: health.isGone)
    }
}
