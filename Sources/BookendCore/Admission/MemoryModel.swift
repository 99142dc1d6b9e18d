// How many requests does a server's memory hold?
//
// What a server uses is a base and so much for each request: mem = base + b · in flight. b comes from seconds that differ
// in what was in flight, by the median of the slopes of all pairs, so that a collection of garbage or a cache that fills
// does not decide it; the bound is taken with the upper end of b, and with the base as it was at the worst moment of late,
// as it is at such a moment that the kernel kills:
//
//     places = ⌊(0.9 · limit − base) ÷ b⌋
//
// What was held before with room to spare may be held again: allocators keep what they once had, so a server that was
// busy looks full when it is idle. Until b is known, that is all that is allowed, and a tenth more in each second when a
// quarter of the memory has been free for some. What left next to nothing free was too much.
//
// Memory bounds, it does not balance: it lags, sticks and differs, and weights made of it oscillate (control.md, section 4).

/// The bound that a server's memory puts on its requests, from what is reported of it.
public struct MemoryModel: Sendable {
    /// What follows from the newest reading.
    public enum Gate: UInt8, Sendable, Comparable {
        case open
        /// Little is left: no more than there are.
        case noGrowth
        /// Next to nothing is left: one at a time.
        case closed

        public static func < (left: Gate, right: Gate) -> Bool { left.rawValue < right.rawValue }
    }

    /// What requests cost, in the reading's unit.
    public struct Fit: Sendable, Equatable {
        public let base: Double
        public let perRequest: Double
    }

    private struct Second {
        var began: Moment
        var used = 0.0
        var inFlight = 0.0
        var readings = 0.0
        /// The most of it.
        var highest = 0.0
        /// The most of this second and the one before: memory is given back a little after a request has ended.
        var held: Int
        var heldHere = 0

        mutating func see(_ used: Double, _ inFlight: Int) {
            self.used += used
            self.inFlight += Double(inFlight)
            readings += 1
            highest = max(highest, used)
            heldHere = max(heldHere, inFlight)
            held = max(held, inFlight)
        }
    }

    /// The newest.
    public private(set) var reading: MemoryReading?
    public private(set) var gate = Gate.open
    private var gateSince: Moment?
    private var seconds: [Second] = []
    private var slope: MedianSlope?
    private var fitted = Moment.origin
    /// Of requests in flight, with room to spare.
    private var proven = Double(MemoryLimits.fewest)
    private var readAt = Moment.origin
    /// When less than a quarter was free.
    private var tight = Moment.origin

    public init() {}

    /// A report came, with what was in flight then.
    public mutating func see(_ reading: MemoryReading, inFlight: Int, at now: Moment) {
        let elapsed = self.reading == nil ? 0 : min(1, (now - readAt).inSeconds)
        // Another limit is another server.
        if let before = self.reading, before.limit != reading.limit { forget() }
        self.reading = reading
        readAt = now
        collect(reading, inFlight, at: now)
        prove(inFlight, reading.headroom, elapsed: elapsed, at: now)
        turnGate(reading.headroom, at: now)
        if now - fitted >= MemoryLimits.refit {
            fitted = now
            refit()
        }
    }

    /// The server is a new process: what it used says nothing about the next.
    public mutating func restarted() {
        reading = nil
        gate = .open
        gateSince = nil
        seconds.removeAll()
        proven = max(proven, Double(MemoryLimits.fewest))
    }

    /// Reports have come lately.
    public func isCurrent(at now: Moment) -> Bool {
        reading != nil && now - readAt < MemoryLimits.stale
    }

    /// Requests that the memory holds; nil when nothing is known of it now.
    public func places(inFlight: Int, at now: Moment) -> Int? {
        guard isCurrent(at: now), let reading else { return nil }
        switch gate {
        case .closed: return 1
        case .noGrowth: return max(1, min(inFlight, places(reading)))
        case .open: return places(reading)
        }
    }

    /// What requests cost, if that is known.
    public var fit: Fit? {
        guard let slope, slope.upper > 0 else { return nil }
        let bases = seconds.suffix(MemoryLimits.late).map { $0.highest - slope.upper * Double($0.held) }
        return bases.max().map { Fit(base: max(0, $0), perRequest: slope.upper) }
    }

    private func places(_ reading: MemoryReading) -> Int {
        guard let fit else { return Int(proven) }
        let room = MemoryLimits.usable * reading.limit - fit.base
        let fitting = min(max(0, room / fit.perRequest), Double(MemoryLimits.mostPlaces))
        return max(1, Int(max(fitting, proven)))
    }

    private mutating func prove(_ inFlight: Int, _ headroom: Double, elapsed: Double, at now: Moment) {
        if headroom <= MemoryLimits.growing { tight = now }
        if headroom < MemoryLimits.closing {
            proven = max(1, min(proven, MemoryLimits.survival * Double(seconds.last?.held ?? inFlight)))
        }
        guard now - tight >= MemoryLimits.dwell else { return }
        let most = max(proven, Double(inFlight))
        // Only what is used is proven: a bound that nobody reaches does not grow.
        proven = Double(inFlight) >= MemoryLimits.reached * most ? most * (1 + MemoryLimits.growth * elapsed) : most
    }

    private mutating func collect(_ reading: MemoryReading, _ inFlight: Int, at now: Moment) {
        if seconds.last.map({ now - $0.began >= .seconds(1) }) ?? true {
            seconds.append(Second(began: now, held: seconds.last?.heldHere ?? 0))
            if seconds.count > MemoryLimits.seconds { seconds.removeFirst() }
        }
        seconds[seconds.count - 1].see(reading.used, inFlight)
    }

    private mutating func refit() {
        guard seconds.count >= MemoryLimits.fewestSeconds else { return }
        // Every second one of many: a fit costs the square of them.
        let step = (seconds.count - 1) / MemoryLimits.points + 1
        let points = stride(from: seconds.count - 1, through: 0, by: -step).map { index in
            (x: seconds[index].inFlight / seconds[index].readings, y: seconds[index].used / seconds[index].readings)
        }
        slope = MedianSlope(points, apart: 1, fewest: MemoryLimits.fewestPairs) ?? slope
    }

    /// Down at once, up when there are five points more for five seconds.
    private mutating func turnGate(_ headroom: Double, at now: Moment) {
        let down: Gate =
            headroom < MemoryLimits.closing ? .closed : headroom < MemoryLimits.noGrowth ? .noGrowth : .open
        if down > gate {
            gate = down
            gateSince = nil
            return
        }
        let up: Gate =
            headroom < MemoryLimits.closing + MemoryLimits.hysteresis
            ? .closed : headroom < MemoryLimits.noGrowth + MemoryLimits.hysteresis ? .noGrowth : .open
        guard up < gate else {
            gateSince = nil
            return
        }
        guard let since = gateSince else {
            gateSince = now
            return
        }
        guard now - since >= MemoryLimits.dwell else { return }
        gate = up
        gateSince = nil
    }

    private mutating func forget() {
        seconds.removeAll()
        slope = nil
        proven = Double(MemoryLimits.fewest)
    }
}

/// The constants of the memory bound, those of control.md, section 4.
enum MemoryLimits {
    /// Of the limit: the kernel needs some, and the fit is not exact.
    static let usable = 0.9
    /// Requests that cost nothing are bounded by something else.
    static let mostPlaces = 1_000_000
    /// Places before anything is known.
    static let fewest = 4
    static let growth = 0.1
    static let growing = 0.25
    /// Of what is proven, in flight at once, for it to grow.
    static let reached = 0.8
    /// Of what was in flight when next to nothing was free.
    static let survival = 0.8
    static let noGrowth = 0.15
    static let closing = 0.08
    static let hysteresis = 0.05
    static let dwell = TimeSpan.seconds(5)
    /// A silent agent says nothing.
    static let stale = TimeSpan.seconds(3)
    static let seconds = 300
    /// Seconds whose worst moment makes the base.
    static let late = 30
    static let fewestSeconds = 30
    static let points = 100
    /// Pairs of seconds that differ by a request at least.
    static let fewestPairs = 200
    static let refit = TimeSpan.seconds(2)
}
