import BookendCore

/// How one server behind one queue and one limiter fares under a load: the same code that runs in front of real servers,
/// on a virtual clock. One seed, one course.
public struct AdmissionRun {
    /// What decides how many requests the server gets.
    public enum Limit: Sendable {
        case learned
        /// Learned, and a server that died is known to die of so many.
        case learnedKnowing(dies: Int)
        case fixed(Int)
    }

    public struct Outcome: Sendable {
        /// Requests answered in each second.
        public var answered: [Double]
        public var deaths = 0
        /// The cap at the end of each second.
        public var caps: [Int]
    }

    /// As in front of real servers (`FleetLimits.look`).
    private static let look = 0.025

    private let load: (Double) -> Double
    private let seconds: Int
    // Streams of their own, so that the n-th request is the same whatever the limit.
    private var arrivals: SeededRandom
    private var work: SeededRandom
    private var ranks: SeededRandom
    private var server: SimulatedServer
    private var limiter: HalfStepLimiter
    private let fixed: Int?
    private var queue = PoolQueue<Double>(limit: 16_384, deadline: .seconds(30), at: .origin)
    private var sample = WorkSample(seconds: 0, completions: 0, slotSeconds: 0, latencySum: 0, latencySquares: 0)
    private var now = 0.0
    private var outcome: Outcome

    /// - Parameter load: requests per second at a time.
    public init(_ kind: ServerKind, _ limit: Limit, seconds: Int, seed: UInt64, load: @escaping (Double) -> Double) {
        self.load = load
        self.seconds = seconds
        arrivals = SeededRandom(seed: 3 * seed)
        work = SeededRandom(seed: 3 * seed + 1)
        ranks = SeededRandom(seed: 3 * seed + 2)
        server = SimulatedServer(kind)
        limiter = HalfStepLimiter(survived: nil, at: .origin)
        switch limit {
        case .learned: fixed = nil
        case .learnedKnowing(let dies):
            fixed = nil
            limiter.remember(death: dies)
        case .fixed(let cap): fixed = cap
        }
        outcome = Outcome(
            answered: Array(repeating: 0, count: seconds), caps: Array(repeating: 0, count: seconds))
    }

    public mutating func play() -> Outcome {
        var nextArrival = arrivals.exponential(mean: 1 / load(0))
        var nextLook = Self.look
        while true {
            let completion = server.nextCompletion
            let next = min(nextArrival, completion, nextLook)
            guard next < Double(seconds) else { break }
            pass(to: next)
            if next == completion {
                complete()
            } else if next == nextArrival {
                arrive()
                nextArrival = now + arrivals.exponential(mean: 1 / load(now))
            } else {
                nextLook += Self.look
                see()
            }
            serve()
        }
        outcome.deaths = server.deaths
        return outcome
    }

    private var cap: Int { fixed ?? limiter.cap }
    private var moment: Moment { Moment(nanoseconds: UInt64(now * 1e9)) }

    private mutating func pass(to next: Double) {
        sample.seconds += next - now
        sample.slotSeconds += (next - now) * Double(server.inFlight)
        server.advance(to: next)
        now = next
    }

    private mutating func complete() {
        let took = server.end(at: now)
        sample.completions += 1
        sample.latencySum += took
        sample.latencySquares += took * took
        outcome.answered[Int(now)] += 1
        queue.answered(at: moment)
    }

    private mutating func arrive() {
        let rank = Rank(.normal, client: ranks.next())
        guard queue.arrived(rank, at: moment) == nil else { return }
        if queue.isEmpty, hasRoom {
            queue.servedAtOnce(at: moment)
            begin()
        } else {
            _ = queue.enter(now, rank, at: moment)
        }
    }

    private var hasRoom: Bool { server.isUp(at: now) && server.inFlight < cap }

    private mutating func serve() {
        while queue.overdue(at: moment) != nil {}
        while hasRoom, let (ticket, _) = queue.next() {
            queue.served(ticket, at: moment)
            begin()
        }
    }

    private mutating func begin() {
        let inFlight = server.inFlight + 1
        if server.begin(server.kind.draw(&work), at: now) { _ = limiter.died(inFlight: inFlight, at: moment) }
    }

    private mutating func see() {
        limiter.see(sample, at: moment)
        sample = WorkSample(seconds: 0, completions: 0, slotSeconds: 0, latencySum: 0, latencySquares: 0)
        queue.expect(limiter.patience)
        outcome.caps[Int(now)] = cap
    }
}
