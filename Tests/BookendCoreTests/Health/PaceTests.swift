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

    /// Judged beside one peer that has answered as often, that fast.
    private func judge(_ pace: inout Pace, beside peer: inout Pace, answers: Int = 20, _ latency: TimeSpan) {
        window(&peer, answers: answers, latency)
        var all: [Pace.Sums] = []
        if pace.isWhole { pace.add(to: &all) }
        peer.add(to: &all)
        _ = pace.judge(among: all)
    }

    @Test("Ten times slower than its peers is cut to a hundredth within two seconds, and never to nothing")
    func cut() {
        var (pace, peer) = (Pace(), Pace())
        for _ in 0..<8 {
            window(&pace, answers: 20, .milliseconds(100))
            judge(&pace, beside: &peer, .milliseconds(10))
        }
        #expect(pace.share == Pace.smallestShare)
        for _ in 0..<100 {
            window(&pace, answers: 2, .milliseconds(100))
            judge(&pace, beside: &peer, .milliseconds(10))
        }
        #expect(pace.share == Pace.smallestShare)
    }

    @Test("Twice as slow is nothing to be punished for")
    func alike() {
        var (pace, peer) = (Pace(), Pace())
        for _ in 0..<8 {
            window(&pace, answers: 20, .milliseconds(20))
            judge(&pace, beside: &peer, .milliseconds(10))
        }
        #expect(pace.share == Pace.wholeShare)
    }

    @Test("All growing slower together blames nobody, also when answers are few")
    func together() {
        for answers in [20, 1] {
            var (pace, peer) = (Pace(), Pace())
            for latency in [1, 100, 1_000] {
                for _ in 0..<30 {
                    window(&pace, answers: answers, .milliseconds(Int64(latency)))
                    judge(&pace, beside: &peer, answers: answers, .milliseconds(Int64(latency)))
                    #expect(pace.share == Pace.wholeShare)
                }
            }
        }
    }

    @Test("Who always gets the longer requests is compared with its own past")
    func ownPast() {
        var (pace, peer) = (Pace(), Pace())
        for _ in 0..<140 { window(&pace, answers: 20, .milliseconds(100)) }
        for _ in 0..<8 {
            window(&pace, answers: 20, .milliseconds(100))
            judge(&pace, beside: &peer, .milliseconds(10))
        }
        #expect(pace.share == Pace.wholeShare)
        for _ in 0..<8 {
            window(&pace, answers: 20, .milliseconds(500))
            judge(&pace, beside: &peer, .milliseconds(10))
        }
        #expect(pace.share < Pace.wholeShare)
    }

    @Test("The share comes back when latencies are alike, and when too few answers come to know")
    func comesBack() {
        for (own, others) in [(20, 20), (0, 20), (20, 0), (1, 3)] {
            var (pace, peer) = (Pace(), Pace())
            for _ in 0..<8 {
                window(&pace, answers: 20, .milliseconds(100))
                judge(&pace, beside: &peer, .milliseconds(10))
            }
            #expect(pace.share < Pace.wholeShare)
            var windows = 0
            while pace.share < Pace.wholeShare, windows < 800 {
                windows += 1
                window(&pace, answers: own, .milliseconds(10))
                judge(&pace, beside: &peer, answers: others, .milliseconds(10))
            }
            #expect(pace.share == Pace.wholeShare, "\(own) and \(others) answers a window")
        }
    }

    @Test("A few slow answers, or few peers' answers, are no proof")
    func fewAnswers() {
        var (pace, peer) = (Pace(), Pace())
        window(&pace, answers: 3, .seconds(1))
        judge(&pace, beside: &peer, .milliseconds(10))
        #expect(pace.share == Pace.wholeShare)
        (pace, peer) = (Pace(), Pace())
        window(&pace, answers: 20, .seconds(1))
        judge(&pace, beside: &peer, answers: 3, .milliseconds(10))
        #expect(pace.share == Pace.wholeShare)
    }
}
