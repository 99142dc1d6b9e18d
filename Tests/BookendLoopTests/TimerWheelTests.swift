import BookendCore
import BookendLoop
import Testing

@Suite("Deadlines")
struct TimerWheelTests {
    static let tick = TimeSpan.milliseconds(4)

    @Test(
        "Every deadline fires once, not early and at most a tick late, whatever the order of changes", arguments: 0..<20
    )
    func randomSchedules(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        var now = Moment(nanoseconds: .random(in: 0...10_000_000_000, using: &random))
        var wheel = TimerWheel(now: now)
        var expected: [Int: Moment] = [:]
        var fired: [Int] = []
        for _ in 0..<20_000 {
            switch Int.random(in: 0..<10, using: &random) {
            case 0..<6:
                let number = Int.random(in: 0..<200, using: &random)
                let exponent = Int64.random(in: 0...16, using: &random)
                let span = TimeSpan.milliseconds(Int64.random(in: 0...(1 << exponent), using: &random))
                wheel.set(number, to: now + span)
                expected[number] = now + span
            case 6:
                let number = Int.random(in: 0..<200, using: &random)
                wheel.clear(number)
                expected[number] = nil
            default:
                let limit = Int64.random(in: 1...5_000, using: &random)
                now = now + TimeSpan.milliseconds(Int64.random(in: 0...limit, using: &random))
                fired.removeAll()
                wheel.expire(now: now, into: &fired)
                #expect(Set(fired).count == fired.count)
                for number in fired {
                    #expect(expected[number].map { $0 <= now } == true)
                    expected[number] = nil
                }
                for (number, deadline) in expected where deadline + Self.tick <= now {
                    Issue.record("\(number) was due at \(deadline), now \(now), seed \(seed)")
                }
            }
            if let next = expected.values.min() {
                let wake = wheel.nextWake
                #expect(wake != nil && wake! <= next + Self.tick, "the loop would oversleep, seed \(seed)")
            }
        }
    }

    @Test("A loop that sleeps until nextWake meets every deadline and does not spin")
    func sleepingLoop() {
        var wheel = TimerWheel(now: .origin)
        let deadlines = [1, 5, 200, 300, 15_000, 17_000, 70_000_000, 100_000_000].map { TimeSpan.milliseconds($0) }
        for (number, span) in deadlines.enumerated() { wheel.set(number, to: .origin + span) }
        var fired: [Int] = []
        var wakes = 0
        while let wake = wheel.nextWake, wakes < 10_000 {
            wheel.expire(now: wake, into: &fired)
            wakes += 1
        }
        #expect(fired == Array(deadlines.indices))
        #expect(wakes < 200)
    }

    @Test("A deadline that only ever moves to later fires once, at the last one")
    func keepAlive() {
        var wheel = TimerWheel(now: .origin)
        var fired: [Int] = []
        for second in 0..<100 {
            let now = Moment.origin + .seconds(Int64(second))
            wheel.set(7, to: now + .seconds(60))
            wheel.expire(now: now, into: &fired)
        }
        #expect(fired.isEmpty)
        wheel.expire(now: .origin + .seconds(158), into: &fired)
        #expect(fired.isEmpty)
        wheel.expire(now: .origin + .seconds(160), into: &fired)
        #expect(fired == [7])
    }

    /// Ticks at which an upper level moves on, and the horizon.
    static let levelTurns: [UInt64] = [1, 64, 4_096, 262_144, 16_777_216]

    @Test("Around the boundaries of levels nothing is early, late or overslept", arguments: levelTurns)
    func boundaries(boundary: UInt64) {
        let tick = UInt64(Self.tick.nanoseconds)
        for start in [0, 1, boundary - 1, boundary, boundary + 1, 2 * boundary - 1, 63 * boundary] {
            for distance in [boundary - 1, boundary, boundary + 1, 63 * boundary, 64 * boundary - 1, 64 * boundary] {
                for offset: UInt64 in [0, 1, tick - 1] {
                    let now = Moment(nanoseconds: start * tick + offset)
                    let deadline = Moment(nanoseconds: (start + distance) * tick)
                    var wheel = TimerWheel(now: now)
                    wheel.set(3, to: deadline)
                    var (fired, wakes): ([Int], Int) = ([], 0)
                    var last = now
                    while fired.isEmpty, let wake = wheel.nextWake, wakes < 200 {
                        wakes += 1
                        last = max(wake, last)
                        wheel.expire(now: last, into: &fired)
                    }
                    let isOnTime = fired == [3] && last >= deadline && last <= max(deadline, now) + Self.tick
                    #expect(isOnTime, "start \(start), distance \(distance), offset \(offset): \(last)")
                    #expect(wheel.nextWake == nil)
                }
            }
        }
    }

    @Test("A jump past many turns of every level fires all that is due, once", arguments: 0..<5)
    func jumps(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        var now = Moment(nanoseconds: .random(in: 0...1 << 50, using: &random))
        var wheel = TimerWheel(now: now)
        for _ in 0..<20 {
            var deadlines: [Int: Moment] = [:]
            for number in 0..<200 {
                let exponent = Int64.random(in: 0...48, using: &random)
                deadlines[number] = now + TimeSpan(nanoseconds: .random(in: 0...(1 << exponent), using: &random))
                wheel.set(number, to: deadlines[number]!)
            }
            now = now + .seconds(.random(in: 3_600...80_000, using: &random))
            var fired: [Int] = []
            wheel.expire(now: now, into: &fired)
            let late = deadlines.filter { $0.value + Self.tick <= now }.keys
            let early = fired.filter { deadlines[$0]! > now }
            #expect(early.isEmpty && Set(late).isSubset(of: fired) && Set(fired).count == fired.count, "seed \(seed)")
            for number in 0..<200 { wheel.clear(number) }
            #expect(wheel.nextWake == nil)
        }
    }

    @Test("A loop that slept for a year goes on at once", arguments: [nil, TimeSpan.seconds(50_000_000)])
    func longSleep(deadline: TimeSpan?) {
        var wheel = TimerWheel(now: .origin)
        if let deadline { wheel.set(0, to: .origin + deadline) }
        var fired: [Int] = []
        let year = Moment.origin + .seconds(31_536_000)
        let took = ContinuousClock().measure { wheel.expire(now: year, into: &fired) }
        #expect(took < .seconds(1) && fired.isEmpty)
        wheel.set(1, to: year + .milliseconds(3))
        wheel.expire(now: year + .milliseconds(8), into: &fired)
        #expect(fired == [1])
    }

    @Test("A deadline at the end of time is none, one just before it never comes, and neither is a number too large")
    func endOfTime() {
        var wheel = TimerWheel(now: .origin)
        wheel.set(0, to: .distantFuture)
        #expect(wheel.nextWake == nil)
        wheel.set(0, to: Moment(nanoseconds: .max - 1))
        var fired: [Int] = []
        wheel.expire(now: .origin + .seconds(1_000_000), into: &fired)
        #expect(fired.isEmpty && wheel.nextWake != nil)
        wheel.clear(0)
        wheel.clear(1_000)
        #expect(wheel.nextWake == nil)
    }

    @Test("A clock that steps back fires nothing early and forgets nothing")
    func stepBack() {
        let start = Moment(nanoseconds: 1_000_000_000_000)
        var wheel = TimerWheel(now: start)
        wheel.set(0, to: Moment(nanoseconds: start.nanoseconds - 5))
        wheel.set(1, to: start + .milliseconds(10))
        var fired: [Int] = []
        wheel.expire(now: Moment(nanoseconds: start.nanoseconds / 2), into: &fired)
        #expect(fired.isEmpty)
        wheel.expire(now: start + .milliseconds(20), into: &fired)
        #expect(fired.sorted() == [0, 1])
    }
}
