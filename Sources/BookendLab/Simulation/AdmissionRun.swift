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

    /// What whoever asks does when no good answer comes.
    public struct Habits: Sendable {
        /// Leaves after so many seconds.
        let patience: Double
        /// Asks again at once, so many times.
        let again: Int

        public static let patient = Habits(patience: .infinity, again: 0)
    }

    private struct Request {
        let asked: Double
        let rank: Rank
        let again: Int
        /// While it waits.
        var ticket: WaitingTicket?
        /// And until it was begun.
        var waited = TimeSpan.zero
        /// Answered, refused, or nobody waits for it any more.
        var isOver = false
    }

    public struct Outcome: Sendable {
        /// Requests answered in each second.
        public var answered: [Double]
        /// Of those who asked in each second, how often ever: how many there were, and how many got no good answer.
        public var asked: [Int]
        public var failed: [Int]
        public var deaths = 0
        /// The cap at the end of each second.
        public var caps: [Int]
    }

    /// As in front of real servers (`FleetLimits.look`).
    private static let look = 0.025

    private let load: (Double) -> Double
    private let habits: Habits
    private let seconds: Int
    // Streams of their own, so that the n-th request is the same whatever the limit.
    private var arrivals: SeededRandom
    private var work: SeededRandom
    private var ranks: SeededRandom
    private var server: SimulatedServer
    private var limiter: HalfStepLimiter
    private let fixed: Int?
    private var queue = PoolQueue<Int>(limit: 16_384, deadline: .seconds(30), at: .origin)
    private var requests: [Request] = []
    private var leaving = EventQueue<Int>()
    private var sample = WorkSample.none
    private var now = 0.0
    private var outcome: Outcome

    /// - Parameter load: requests per second at a time.
    public init(
        _ kind: ServerKind, _ limit: Limit, seconds: Int, seed: UInt64, habits: Habits = .patient,
        load: @escaping (Double) -> Double
    ) {
        self.load = load
        self.habits = habits
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
        let none = Array(repeating: 0, count: seconds)
        outcome = Outcome(
            answered: Array(repeating: 0, count: seconds), asked: none, failed: none, caps: none)
    }

    public mutating func play() -> Outcome {
        var nextArrival = arrivals.exponential(mean: 1 / load(0))
        var nextLook = Self.look
        while true {
            let completion = server.nextCompletion
            let next = min(nextArrival, completion, nextLook, leaving.next)
            guard next < Double(seconds) else { break }
            pass(to: next)
            if next == completion {
                complete()
            } else if next == nextArrival {
                outcome.asked[Int(now)] += 1
                ask(Rank(.normal, client: ranks.next()), since: now, again: habits.again)
                nextArrival = now + arrivals.exponential(mean: 1 / load(now))
            } else if next == leaving.next, let number = leaving.take() {
                leave(number)
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
        let (number, took) = server.end(at: now)
        sample.completions += 1
        sample.latencySum += took
        sample.latencySquares += took * took
        if !requests[number].isOver {
            requests[number].isOver = true
            outcome.answered[Int(now)] += 1
        }
        queue.answered(at: moment)
    }

    private mutating func ask(_ rank: Rank, since asked: Double, again: Int) {
        let number = requests.count
        requests.append(Request(asked: asked, rank: rank, again: again))
        guard queue.arrived(rank, at: moment) == nil else { return end(number) }
        if habits.patience < .infinity { leaving.add(number, at: now + habits.patience) }
        if queue.isEmpty, hasRoom {
            queue.servedAtOnce(at: moment)
            begin(number)
        } else if let ticket = queue.enter(number, rank, at: moment) {
            requests[number].ticket = ticket
        } else {
            end(number)
        }
    }

    private mutating func leave(_ number: Int) {
        let request = requests[number]
        guard !request.isOver else { return }
        queue.clientLeft(after: request.ticket.map { queue.wait($0, at: moment) } ?? request.waited, at: moment)
        end(number)
    }

    /// Without a good answer. Who has left is still in line, or on the server.
    private mutating func end(_ number: Int) {
        let request = requests[number]
        guard !request.isOver else { return }
        requests[number].isOver = true
        guard request.again > 0 else {
            outcome.failed[Int(request.asked)] += 1
            return
        }
        ask(request.rank, since: request.asked, again: request.again - 1)
    }

    private var hasRoom: Bool { server.isUp(at: now) && server.inFlight < cap }

    private mutating func serve() {
        while let number = queue.overdue(at: moment) {
            requests[number].ticket = nil
            end(number)
        }
        while hasRoom, let (ticket, number) = queue.next(at: moment) {
            requests[number].ticket = nil
            requests[number].waited = queue.wait(ticket, at: moment)
            guard !(queue.isLate(at: moment) && requests[number].isOver) else {
                queue.remove(ticket, at: moment)
                continue
            }
            queue.served(ticket, at: moment)
            begin(number)
        }
    }

    private mutating func begin(_ number: Int) {
        let inFlight = server.inFlight + 1
        if server.begin(number, work: server.kind.draw(&work), at: now) {
            _ = limiter.died(inFlight: inFlight, at: moment)
        }
    }

    private mutating func see() {
        limiter.see(sample, at: moment)
        sample = WorkSample.none
        queue.expect(limiter.patience(places: cap))
        outcome.caps[Int(now)] = cap
    }
}
