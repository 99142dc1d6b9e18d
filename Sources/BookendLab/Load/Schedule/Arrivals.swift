public import BookendCore
import Glibc

/// The intended send times of one thread, known before anything is sent: whatever the answers do, they stay.
///
/// Even arrivals keep equal distances; Poisson arrivals are those of many independent clients, whose distances are
/// exponentially distributed. Both are made for a rate of one and then bent by the schedule, whose integral they invert
/// (the time-rescaling theorem; Lewis and Shedler, "Simulation of nonhomogeneous Poisson processes by thinning", 1979,
/// section 2). Every thread goes through all arrivals and takes each n-th, so that a seed gives the same arrivals for
/// any number of threads.
public struct Arrivals: Sendable {
    public enum Pattern: String, CaseIterable, Sendable {
        case even, poisson
    }

    /// A request that is to be sent.
    public struct Arrival: Equatable, Sendable {
        /// From the beginning of the run.
        public var time: TimeSpan
        /// Its place among those of all threads, from 0.
        public var number: Int
    }

    private let schedule: RateSchedule
    private let pattern: Pattern
    private let limit: Int
    private let thread: Int
    private let threads: Int
    private var random: SeededRandom
    private var number = 0
    private var segment = 0
    /// Requests due, on the scale of the schedule's integral.
    private var due = 0.0

    /// - Parameters:
    ///   - limit: requests of all threads, at most.
    ///   - thread: takes the arrivals whose number modulo `threads` it is.
    public init(
        _ schedule: RateSchedule, _ pattern: Pattern, seed: UInt64, limit: Int = .max, thread: Int = 0, threads: Int = 1
    ) {
        precondition(thread >= 0 && thread < threads, "a thread is one of all")
        self.schedule = schedule
        self.pattern = pattern
        self.limit = limit
        self.thread = thread
        self.threads = threads
        random = SeededRandom(seed: seed)
    }

    /// In the order of their times; nil when there are no more.
    public mutating func next() -> Arrival? {
        while number < limit {
            let place = number
            if pattern == .poisson { due += exponential() } else { due = Double(place) }
            number += 1
            guard place % threads == thread else { continue }
            return schedule.time(of: due, from: &segment).map { Arrival(time: $0, number: place) }
        }
        return nil
    }

    /// With a mean of one.
    private mutating func exponential() -> Double {
        // 2^-53 … 1: never 0, whose logarithm is infinite.
        -log(Double((random.next() >> 11) + 1) * 0x1p-53)
    }
}
