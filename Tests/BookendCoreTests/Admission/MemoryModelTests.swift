import Testing

@testable import BookendCore

@Suite("What a server's memory holds")
struct MemoryModelTests {
    private static let mebibyte = 1_048_576.0

    /// A server with a limit of 128 MiB, read four times a second.
    private struct Watched {
        var model = MemoryModel()
        var now = Moment(nanoseconds: 1_000_000_000_000)
        var random = SeededRandom(seed: 1)

        mutating func read(_ used: Double, inFlight: Int) {
            now = now + .milliseconds(250)
            let reading = MemoryReading(used: used * mebibyte, limit: 128 * mebibyte)
            if let reading { model.see(reading, inFlight: inFlight, at: now) }
        }

        /// A base of 40 MiB and 10 MiB for each request, which come and go, with noise.
        mutating func work(seconds: Int, most: Int) {
            var inFlight = 0
            for tick in 0..<4 * seconds {
                if tick % 8 == 0 { inFlight = Int.random(in: 0...most, using: &random) }
                read(40 + 10 * Double(inFlight) + Double.random(in: -2...2, using: &random), inFlight: inFlight)
            }
        }

        func places(_ inFlight: Int = 0) -> Int? { model.places(inFlight: inFlight, at: now) }
    }

    @Test("What a request takes is learned from seconds that differ, and bounds the places")
    func fit() throws {
        var watched = Watched()
        watched.work(seconds: 120, most: 5)
        let fit = try #require(watched.model.fit)
        #expect((9.5...12).contains(fit.perRequest / Self.mebibyte) && (32...45).contains(fit.base / Self.mebibyte))
        // (0.9 · 128 − 40) ÷ 10 = 7.5
        #expect((6...7).contains(try #require(watched.places())))
    }

    @Test("Until it is known, only what was held with room to spare, and a tenth more a second while it is used")
    func unknown() throws {
        var watched = Watched()
        watched.read(40, inFlight: 0)
        #expect(watched.places() == 4)
        for _ in 0..<40 { watched.read(40, inFlight: 0) }
        #expect(watched.places() == 4, "nobody uses it, so it does not grow")
        for _ in 0..<20 { watched.read(60, inFlight: watched.places() ?? 0) }
        #expect((5...7).contains(try #require(watched.places())))
    }

    @Test("Little left: no more than there are; next to nothing: one at a time; and back only after five seconds")
    func gates() {
        var watched = Watched()
        watched.read(40, inFlight: 4)
        watched.read(110, inFlight: 3)
        #expect(watched.model.gate == .noGrowth && watched.places(3) == 3)
        watched.read(120, inFlight: 3)
        #expect(watched.model.gate == .closed && watched.places(3) == 1)
        watched.read(113, inFlight: 1)
        #expect(watched.model.gate == .closed, "a hair's breadth is no way back")
        for _ in 0..<19 { watched.read(60, inFlight: 1) }
        #expect(watched.model.gate == .closed)
        for _ in 0..<4 { watched.read(60, inFlight: 1) }
        #expect(watched.model.gate == .open)
    }

    @Test("An agent that is silent bounds nothing, and neither do numbers that cannot be")
    func silent() {
        var watched = Watched()
        watched.read(120, inFlight: 3)
        watched.now = watched.now + .seconds(4)
        #expect(watched.places() == nil)
        // What is used, divided by it, would be endless, and a status with that no JSON.
        #expect(MemoryReading(used: 0x1p60, limit: .leastNonzeroMagnitude) == nil)
        #expect(MemoryReading(used: 1, limit: 0) == nil && MemoryReading(used: .nan, limit: 1) == nil)
        #expect(MemoryReading(used: 1e300, limit: 1) == nil && MemoryReading(used: 1, limit: 1e300) == nil)
        #expect(MemoryReading(used: -1, limit: 1) == nil && MemoryReading(used: 1, limit: .infinity) == nil)
    }

    @Test("Requests that cost next to nothing are bounded by something else, and nothing traps")
    func free() throws {
        var watched = Watched()
        for tick in 0..<400 { watched.read(40 + 1e-18 * Double(tick % 3), inFlight: tick / 8 % 3) }
        #expect(try #require(watched.places()) <= MemoryLimits.mostPlaces)
    }

    @Test("A leak of a mebibyte a second is seen within a quarter of a minute, and a sawtooth is none")
    func forecast() throws {
        var leak = MemoryForecast()
        var saw = MemoryForecast()
        var now = Moment(nanoseconds: 1_000_000_000_000)
        for tick in 0..<80 {
            now = now + .milliseconds(250)
            let used = 40 + Double(tick) / 4
            leak.see(
                try #require(MemoryReading(used: used * Self.mebibyte, limit: 128 * Self.mebibyte)), share: 0, at: now)
            let tooth = 40 + Double(tick % 12)
            saw.see(
                try #require(MemoryReading(used: tooth * Self.mebibyte, limit: 128 * Self.mebibyte)), share: 0, at: now)
        }
        // 60 MiB are used of the 115 that may be.
        #expect((45...60).contains(try #require(leak.secondsLeft)))
        #expect(saw.secondsLeft == nil)
    }

    @Test("Requests that come are no leak")
    func traffic() throws {
        var forecast = MemoryForecast()
        var now = Moment(nanoseconds: 1_000_000_000_000)
        for tick in 0..<120 {
            now = now + .milliseconds(250)
            let share = Double(tick) / 4 * Self.mebibyte
            let reading = try #require(MemoryReading(used: 40 * Self.mebibyte + share, limit: 128 * Self.mebibyte))
            forecast.see(reading, share: share, at: now)
        }
        #expect(forecast.secondsLeft == nil)
    }

    @Test("The median slope is not moved by a quarter of wild points")
    func slope() throws {
        var points: [(x: Double, y: Double)] = []
        for index in 0..<40 {
            let x = Double(index)
            let isWild = index % 4 == 0
            points.append((x, isWild ? 1_000 * Double(index % 3) : 3 * x + 7))
        }
        let slope = try #require(MedianSlope(points, apart: 1, fewest: 100))
        #expect(abs(slope.median - 3) < 0.5 && slope.lower <= slope.median && slope.upper >= slope.median)
        #expect(MedianSlope([(1, 1), (1, 5)], apart: 1, fewest: 1) == nil)
    }

    @Test("Who tells only what part is used is bounded in the same way")
    func shares() throws {
        var watched = Watched()
        var inFlight = 0
        for tick in 0..<480 {
            if tick % 8 == 0 { inFlight = Int.random(in: 0...5, using: &watched.random) }
            watched.now = watched.now + .milliseconds(250)
            let used = 0.3 + 0.08 * Double(inFlight) + Double.random(in: -0.015...0.015, using: &watched.random)
            let reading = try #require(MemoryReading(used: used, limit: 1))
            #expect(reading.isShare)
            watched.model.see(reading, inFlight: inFlight, at: watched.now)
        }
        // (0.9 − 0.3) ÷ 0.08 = 7.5
        #expect((6...7).contains(try #require(watched.places())))
    }
}
