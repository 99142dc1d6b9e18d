import BookendCore
import BookendLab
import Testing

@Suite("Arrivals")
struct ArrivalsTests {
    private func all(_ arrivals: Arrivals) -> [Arrivals.Arrival] {
        var arrivals = arrivals
        var all: [Arrivals.Arrival] = []
        while let arrival = arrivals.next() { all.append(arrival) }
        return all
    }

    @Test("even ones keep their distance, from the first moment on")
    func even() throws {
        let arrivals = all(Arrivals(try RateSchedule(rate: 500, for: .seconds(30)), .even, seed: 1))
        #expect(arrivals.count == 15_000)
        for (number, arrival) in arrivals.enumerated() {
            #expect(arrival.number == number)
            #expect(abs(arrival.time.nanoseconds - Int64(number) * 2_000_000) <= 1)
        }
    }

    @Test("Poisson ones have the rate asked for, exponential distances, and the same times for the same seed")
    func poisson() throws {
        let schedule = try RateSchedule(rate: 1_000, for: .seconds(100))
        let arrivals = all(Arrivals(schedule, .poisson, seed: 7))
        #expect(arrivals == all(Arrivals(schedule, .poisson, seed: 7)))
        #expect(arrivals != all(Arrivals(schedule, .poisson, seed: 8)))
        // Three standard deviations of a Poisson count of 100,000.
        #expect(abs(arrivals.count - 100_000) < 950)
        let gaps = zip(arrivals, arrivals.dropFirst()).map { ($1.time.nanoseconds - $0.time.nanoseconds) }
        #expect(gaps.allSatisfy { $0 >= 0 })
        // 1 - 1/e of them are shorter than the mean, 1 - 1/e³ than three times the mean.
        let short = Double(gaps.count { $0 < 1_000_000 }) / Double(gaps.count)
        let medium = Double(gaps.count { $0 < 3_000_000 }) / Double(gaps.count)
        #expect(abs(short - 0.632) < 0.006)
        #expect(abs(medium - 0.950) < 0.003)
    }

    @Test("follow a schedule: each segment gets its share", arguments: Arrivals.Pattern.allCases)
    func segments(pattern: Arrivals.Pattern) throws {
        let schedule = try RateSchedule(text: "10s@100,10s@100-1000,10s@1000")
        let arrivals = all(Arrivals(schedule, pattern, seed: 3))
        let shares = (0..<3).map { part in
            arrivals.count { $0.time >= .seconds(10 * Int64(part)) && $0.time < .seconds(10 * Int64(part) + 10) }
        }
        let slack = pattern == .even ? 1 : 300
        for (share, expected) in zip(shares, [1_000, 5_500, 10_000]) { #expect(abs(share - expected) <= slack) }
    }

    @Test("are the same for any number of threads", arguments: Arrivals.Pattern.allCases, [2, 3, 7])
    func threads(pattern: Arrivals.Pattern, threads: Int) throws {
        let schedule = try RateSchedule(text: "1s@100-500,1s@500")
        let one = all(Arrivals(schedule, pattern, seed: 5, limit: 600))
        let many = (0..<threads).flatMap {
            all(Arrivals(schedule, pattern, seed: 5, limit: 600, thread: $0, threads: threads))
        }
        #expect(one.count == 600)
        #expect(many.sorted { $0.number < $1.number } == one)
    }
}
