import Testing

@testable import BookendCore

@Suite("One at a time")
struct OneAtATimeTests {
    @Test("A server that works on one at a time gets one", arguments: [0.05, 0.3, 0.7])
    func one(takes: Double) {
        var watched = WatchedServer(places: 1)
        watched.takes = takes
        watched.pass(200 * takes)
        #expect(watched.limiter.stage == .holding && watched.limiter.level == 1)
        #expect(watched.limiter.baseTime.map { abs($0.inMilliseconds - 1_000 * takes) < 1 } == true)
    }

    @Test("Also after quick requests, which told nothing about its places", arguments: [0.05, 0.3, 0.7])
    func afterQuick(takes: Double) {
        var watched = WatchedServer(places: 1)
        watched.answerQuickly()
        watched.takes = takes
        watched.pass(40 * takes, load: 1.6)
        #expect(watched.limiter.level <= 4)
        watched.pass(100 * takes)
        #expect(watched.limiter.stage == .holding && watched.limiter.level == 1)
    }

    @Test("It gets more as soon as more help", arguments: [0.05, 0.3, 0.7, 2])
    func more(takes: Double) {
        var watched = WatchedServer(places: 1)
        watched.takes = takes
        watched.pass(400 * takes)
        watched.places = 8
        watched.pass(60 + 250 * takes)
        #expect(watched.limiter.level >= 8, "\(watched.limiter.level)")
    }

    @Test("Known from before a restart, one is no end")
    func afterRestart() {
        var watched = WatchedServer(places: 8, survived: 1)
        watched.takes = 0.2
        watched.pass(60)
        #expect(watched.limiter.level >= 8, "\(watched.limiter.level)")
    }

    @Test("One request that never ends does not keep all others from the only place")
    func hanging() {
        var watched = WatchedServer(places: 1)
        watched.takes = 0.3
        watched.pass(60)
        watched.hanging = 1
        let answered = watched.pass(60)
        #expect(answered > 0.7 * 60 / 0.3, "\(answered)")
    }

    @Test("Nor does one keep them from many places when it hangs while these are learned")
    func hangingWhileLearning() {
        var watched = WatchedServer(places: 100)
        watched.takes = 0.3
        watched.pass { $0.level >= 4 }
        watched.hanging = 1
        watched.pass(60)
        #expect(watched.atOne < 3, "\(watched.atOne)")
        #expect(watched.limiter.level >= 4)
    }

    @Test("Nor does a database that becomes slower and slower while they are learned")
    func drifting() {
        var watched = WatchedServer(places: 100)
        watched.answerQuickly()
        watched.takes = 0.1
        watched.pass { $0.level >= 4 }
        watched.takes = 0.14
        watched.pass(10)
        #expect(watched.limiter.level >= 64, "\(watched.limiter.level)")
    }

    @Test("While it is learned what slow requests take, nobody is refused for want of patience")
    func patience() {
        var watched = WatchedServer(places: 100)
        watched.answerQuickly()
        watched.takes = 0.1
        watched.pass(load: 1.3) { $0.cap == 1 }
        #expect(watched.limiter.patience(places: 2) == HalfStepLimiter.learningPatience)
    }

    @Test("Requests that take as much longer as there are places do not bring many down to one at once")
    func slower() {
        var watched = WatchedServer(places: 16)
        watched.takes = 0.1
        watched.pass(30)
        watched.takes = 1.6
        let answered = watched.pass(60)
        #expect(answered > 0.75 * 60 * 16 / 1.6, "\(answered)")
    }

    @Test("Where requests vary two share it, so that none waits for a long one; also when they come to vary")
    func varying() {
        var watched = WatchedServer(places: 1)
        watched.squaredVariation = 1
        watched.pass(60)
        #expect(watched.limiter.level >= 2)
        watched = WatchedServer(places: 1)
        watched.pass(60)
        watched.squaredVariation = 1
        watched.pass(60)
        #expect(watched.limiter.level >= 2)
    }

    @Test("To learn what one takes alone, two places become one for a few answers only")
    func look() {
        var watched = WatchedServer(places: 16)
        watched.takes = 0.9
        watched.pass(120, load: 1.8)
        #expect(watched.atOne < 5 * 0.9, "\(watched.atOne)")
    }

    @Test("Quick requests beside one that hangs are not taken for slow ones")
    func quickOnes() {
        var watched = WatchedServer(places: 16)
        watched.takes = 0.002
        watched.hanging = 1
        watched.pass(60, load: 1.04)
        #expect(watched.atOne == 0)
    }
}
