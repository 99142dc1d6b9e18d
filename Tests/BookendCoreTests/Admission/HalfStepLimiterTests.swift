import Testing

@testable import BookendCore

/// What a whole server does with it is the matter of the limiter matrix (`make limiter`).
@Suite("The half-step limiter")
struct HalfStepLimiterTests {
    @Test(
        "It finds the places of a server and a quarter more, and does not pass twice of them on the way",
        arguments: [1, 2, 5, 8, 60, 200])
    func finds(places: Int) {
        var watched = WatchedServer(places: Double(places))
        watched.pass(20)
        #expect(watched.limiter.stage == .holding)
        let level = Double(watched.limiter.level)
        #expect(level >= Double(places) && level <= 1.25 * Double(places) + 2, "\(level) for \(places)")
    }

    @Test("More at a time is not tried where the answers are too few to tell whether it helps")
    func tooSlowToRaise() {
        var watched = WatchedServer(places: 2)
        watched.takes = 0.3
        watched.squaredVariation = 1
        watched.pass(60)
        let level = watched.limiter.level
        for _ in 0..<60 {
            watched.pass(1)
            #expect(watched.limiter.stage == .holding && watched.limiter.cap <= level)
        }
    }

    @Test("A load that leaves places free changes nothing")
    func quiet() {
        var watched = WatchedServer(places: 100)
        watched.pass(60, load: 1)
        #expect(watched.limiter.level == 2 && watched.limiter.stage == .doubling)
        #expect(watched.limiter.baseTime.map { abs($0.inMilliseconds - 40) < 0.1 } == true)
    }

    @Test("While places are being learned a request may wait long; not when a configured bound leaves them empty")
    func patience() {
        var watched = WatchedServer(places: 100)
        #expect(watched.limiter.patience(places: 2) == .milliseconds(500))
        watched.pass(10, load: 1)
        #expect(watched.limiter.stage == .doubling && watched.limiter.patience(places: 2) == watched.limiter.baseTime)
        watched.pass(0.5)
        #expect(watched.limiter.stage == .doubling && watched.limiter.patience(places: 2) == .milliseconds(500))
    }

    @Test(
        "When requests take twenty times as long, because a database has become slow, places follow within two seconds, and back"
    )
    func slowWork() {
        var watched = WatchedServer(places: 100)
        watched.takes = 0.002
        watched.pass(20, load: 0.2)
        #expect(watched.limiter.level == 2)
        watched.takes = 0.1
        watched.pass(2, load: 6)
        #expect(watched.limiter.cap >= 6)
        watched.takes = 0.002
        watched.pass(2, load: 0.2)
        #expect(watched.limiter.baseTime.map { $0.inMilliseconds < 3 } == true)
    }

    @Test("A pause of a second is none of the work")
    func pause() {
        var watched = WatchedServer(places: 100)
        watched.takes = 0.002
        watched.pass(20, load: 1)
        watched.limiter.see(
            WorkSample(seconds: 1, completions: 0, slotSeconds: 1, latencySum: 0, latencySquares: 0),
            at: watched.now + .seconds(1))
        watched.now = watched.now + .seconds(1)
        watched.pass(1, load: 1)
        #expect(watched.limiter.baseTime.map { $0.inMilliseconds < 3 } == true)
    }

    @Test("It begins with what is known to have survived")
    func survived() {
        let limiter = HalfStepLimiter(survived: 30, at: .origin)
        #expect(limiter.cap == 30 && limiter.stage == .holding)
    }

    @Test("A server that died of so many never gets as many again; one that was not full died of something else")
    func death() {
        var watched = WatchedServer(places: 100)
        watched.pass(10)
        let level = watched.limiter.level
        #expect(level > 8)
        let ofLittle = watched.limiter.died(inFlight: level / 2, at: watched.now)
        #expect(!ofLittle && watched.limiter.level == level && watched.limiter.death == nil)
        let ofLoad = watched.limiter.died(inFlight: level, at: watched.now)
        #expect(ofLoad && watched.limiter.death?.inFlight == level)
        watched.pass(10)
        #expect(watched.limiter.level <= Int(0.72 * Double(level)))
    }

    @Test("What it died of holds over a restart, also when more was survived before, and heals from where it was")
    func deathIsRemembered() throws {
        var watched = WatchedServer(places: 100)
        watched.pass(10)
        let level = watched.limiter.level
        _ = watched.limiter.died(inFlight: level, at: watched.now)
        let death = try #require(watched.limiter.death)
        var restarted = WatchedServer(places: 100, survived: level)
        restarted.limiter.remember(death)
        #expect(restarted.limiter.cap <= Int(0.7 * Double(level)))
        restarted.pass(60)
        #expect(restarted.limiter.level <= Int(0.78 * Double(level)), "a tenth a minute, no more")
        #expect(try #require(restarted.limiter.death).ceiling >= death.ceiling)
    }

    @Test(
        "A memory of a death that cannot be is harmless",
        arguments: [.nan, -.infinity, .infinity, -1, 0, 1e300] as [Double])
    func nonsense(ceiling: Double) {
        var limiter = HalfStepLimiter(survived: .max, at: .origin)
        limiter.remember(HalfStepLimiter.Death(inFlight: .min, times: .max, ceiling: ceiling))
        #expect((1...1 << 20).contains(limiter.cap))
    }
}
