import Testing

@testable import BookendCore

@Suite("Slowness")
struct PaceTests {
    /// A window of answers that took about that long.
    private func window(_ pace: inout Pace, answers: Int, _ latency: TimeSpan) {
        var signs = Signs()
        for index in 0..<answers {
            // A little spread, as real latencies have.
            let log = LogLatency.of(latency) + UInt64(index % 5) * 4
            signs.answered += 1
            signs.logSum += log
            signs.logSquares += log * log
        }
        pace.see(signs)
        pace.turn()
    }

    private func peers(_ latency: TimeSpan) -> Pace.Sums {
        var pace = Pace()
        window(&pace, answers: 100, latency)
        return pace.asPeer
    }

    @Test("Ten times slower than its peers is cut to a hundredth within two seconds, and never to nothing")
    func cut() {
        var pace = Pace()
        for _ in 0..<8 {
            window(&pace, answers: 20, .milliseconds(100))
            _ = pace.judge(against: peers(.milliseconds(10)))
        }
        #expect(pace.share == Pace.smallestShare)
        for _ in 0..<100 { _ = pace.judge(against: peers(.milliseconds(10))) }
        #expect(pace.share == Pace.smallestShare)
    }

    @Test("Twice as slow is nothing to be punished for")
    func alike() {
        var pace = Pace()
        for _ in 0..<8 {
            window(&pace, answers: 20, .milliseconds(20))
            _ = pace.judge(against: peers(.milliseconds(10)))
        }
        #expect(pace.share == Pace.wholeShare)
    }

    @Test("All growing slower together blames nobody")
    func together() {
        var pace = Pace()
        for latency in [10, 100, 1_000] {
            window(&pace, answers: 20, .milliseconds(Int64(latency)))
            _ = pace.judge(against: peers(.milliseconds(Int64(latency))))
        }
        #expect(pace.share == Pace.wholeShare)
    }

    @Test("Who always gets the longer requests is compared with its own past")
    func ownPast() {
        var pace = Pace()
        for _ in 0..<140 { window(&pace, answers: 20, .milliseconds(100)) }
        for _ in 0..<8 {
            window(&pace, answers: 20, .milliseconds(100))
            _ = pace.judge(against: peers(.milliseconds(10)))
        }
        #expect(pace.share == Pace.wholeShare)
        for _ in 0..<8 {
            window(&pace, answers: 20, .milliseconds(500))
            _ = pace.judge(against: peers(.milliseconds(10)))
        }
        #expect(pace.share < Pace.wholeShare)
    }

    @Test("The share comes back when latencies are alike, and when too few answers come to know")
    func comesBack() {
        for answers in [20, 0] {
            var pace = Pace()
            for _ in 0..<8 {
                window(&pace, answers: 20, .milliseconds(100))
                _ = pace.judge(against: peers(.milliseconds(10)))
            }
            var windows = 0
            while pace.share < Pace.wholeShare, windows < 400 {
                windows += 1
                window(&pace, answers: answers, .milliseconds(10))
                _ = pace.judge(against: peers(.milliseconds(10)))
            }
            #expect(pace.share == Pace.wholeShare, "\(answers) answers a window")
        }
    }

    @Test("A few slow answers, or few peers' answers, are no proof")
    func fewAnswers() {
        var pace = Pace()
        window(&pace, answers: 3, .seconds(1))
        _ = pace.judge(against: peers(.milliseconds(10)))
        #expect(pace.share == Pace.wholeShare)
        window(&pace, answers: 20, .seconds(1))
        _ = pace.judge(against: Pace.Sums(count: 3, sum: 3, squares: 3))
        #expect(pace.share == Pace.wholeShare)
    }
}
