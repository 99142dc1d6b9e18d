import Testing

@testable import BookendCore

/// What a whole server does with it is the matter of the limiter matrix (`make limiter`).
@Suite("The half-step limiter")
struct HalfStepLimiterTests {
    /// A server of `places` that takes 40 ms each, or as long as it is told, always full.
    private struct Watched {
        var limiter: HalfStepLimiter
        var now = Moment(nanoseconds: 1_000_000_000_000)
        let places: Double
        var takes = 0.04

        init(places: Double, survived: Int? = nil) {
            self.places = places
            limiter = HalfStepLimiter(survived: survived, at: now)
        }

        mutating func pass(_ seconds: Double, load: Double = .infinity) {
            for _ in 0..<Int(seconds / 0.025) {
                let inFlight = min(Double(limiter.cap), load)
                let rate = min(inFlight, places) / takes
                now = now + .milliseconds(25)
                let residence = inFlight / rate
                limiter.see(
                    WorkSample(
                        seconds: 0.025, completions: 0.025 * rate, slotSeconds: 0.025 * inFlight,
                        latencySum: 0.025 * rate * residence, latencySquares: 0.025 * rate * residence * residence),
                    at: now)
            }
        }
    }

    @Test(
        "It finds the places of a server and a quarter more, and does not pass twice of them on the way",
        arguments: [1, 2, 5, 8, 60, 200])
    func finds(places: Int) {
        var watched = Watched(places: Double(places))
        watched.pass(20)
        #expect(watched.limiter.stage == .holding)
        let level = Double(watched.limiter.level)
        #expect(level >= Double(places) && level <= 1.25 * Double(places) + 2, "\(level) for \(places)")
    }

    @Test("A load that leaves places free changes nothing")
    func quiet() {
        var watched = Watched(places: 100)
        watched.pass(60, load: 1)
        #expect(watched.limiter.level == 2 && watched.limiter.stage == .doubling)
        #expect(watched.limiter.baseTime.map { abs($0.inMilliseconds - 40) < 0.1 } == true)
    }

    @Test(
        "When requests take twenty times as long, because a database has become slow, places follow within two seconds, and back"
    )
    func slowWork() {
        var watched = Watched(places: 100)
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
        var watched = Watched(places: 100)
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
        var watched = Watched(places: 100)
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
        var watched = Watched(places: 100)
        watched.pass(10)
        let level = watched.limiter.level
        _ = watched.limiter.died(inFlight: level, at: watched.now)
        let death = try #require(watched.limiter.death)
        var restarted = Watched(places: 100, survived: level)
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
