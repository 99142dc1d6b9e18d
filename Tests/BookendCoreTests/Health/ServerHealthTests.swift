import Testing

@testable import BookendCore

@Suite("The verdict on one server")
struct ServerHealthTests {
    /// A server under watch, and a clock.
    private struct Watched {
        var health: ServerHealth
        var now = Moment(nanoseconds: 1_000_000_000_000)

        init(known: ServerHealth.State? = .healthy, probes: Bool = true) {
            let rules = HealthRules(
                probes: probes ? HealthRules.Probes(every: .milliseconds(250), timeout: .seconds(1)) : nil,
                slowStart: .seconds(10))
            health = ServerHealth(rules, known: known, at: now)
        }

        mutating func pass(_ span: TimeSpan) { now = now + span }

        /// A probe that is answered after `span`.
        mutating func probe(_ result: ProbeResult, after span: TimeSpan = .milliseconds(1)) {
            while !health.takesProbe(jitter: 0, at: now) { pass(.milliseconds(10)) }
            pass(span)
            health.checkProbe(at: now)
            health.probed(result, at: now)
        }

        mutating func see(answered: UInt64 = 0, failed: UInt64 = 0, spoiled: UInt64 = 0, inFlight: Int = 0) {
            var signs = Signs()
            signs.answered = answered
            signs.whole = answered
            signs.failed = failed
            signs.spoiled = spoiled
            signs.inFlight = inFlight
            signs.awaited = inFlight
            health.see(signs, hasSlept: false, at: now)
        }

        /// A hundred answers a second.
        mutating func isBusy(for span: TimeSpan) {
            let end = now + span
            while now < end {
                pass(.milliseconds(10))
                see(answered: 1, inFlight: 2)
            }
        }

        var state: ServerHealth.State { health.state }
    }

    @Test("A new server gets no traffic before its first good probe")
    func starting() {
        var server = Watched(known: nil)
        #expect(server.state == .starting)
        server.probe(.wrong(.status(503)))
        #expect(server.state == .starting)
        server.probe(.good)
        #expect(server.state == .healthy)
    }

    @Test("A refused connection makes a suspect at once, and a refused probe ends it")
    func crash() {
        var server = Watched()
        server.health.lost(.refused, at: server.now)
        #expect(server.state == .suspect)
        #expect(server.health.probeDue <= server.now, "it is asked at once")
        server.probe(.lost)
        #expect(server.state == .dead && server.health.isGone)
        #expect("\(server.health.cause)" == "probe: connection refused")
    }

    @Test("One reset is excused by one connection that stands")
    func reset() {
        var server = Watched()
        server.health.lost(.reset, at: server.now)
        #expect(server.state == .suspect)
        server.probe(.good)
        #expect(server.state == .healthy)
    }

    @Test("A probe that began before the suspicion does not clear it")
    func earlierProbe() {
        var server = Watched()
        let isUnderWay = server.health.takesProbe(jitter: 0, at: server.now)
        #expect(isUnderWay)
        server.pass(.milliseconds(1))
        server.health.lost(.reset, at: server.now)
        server.health.probed(.good, at: server.now)
        #expect(server.state == .suspect)
    }

    @Test(
        "Silence with requests in flight makes a suspect within 200 ms at 100 answers a second, and an answer clears it"
    )
    func silence() {
        var server = Watched()
        server.isBusy(for: .seconds(2))
        let stopped = server.now
        while server.state == .healthy {
            server.pass(.milliseconds(25))
            server.see(inFlight: 9)
        }
        #expect(server.state == .suspect && server.now - stopped <= .milliseconds(225))
        server.pass(.milliseconds(100))
        server.see(answered: 1, inFlight: 8)
        #expect(server.state == .healthy)
    }

    @Test("A server whose requests are too short to be seen in flight is known by its answers alone")
    func shortRequests() {
        var server = Watched()
        for _ in 0..<80 {
            server.pass(.milliseconds(25))
            server.see(answered: 2)
        }
        let stopped = server.now
        while server.state == .healthy, server.now - stopped < .seconds(1) {
            server.pass(.milliseconds(25))
            server.see(inFlight: 1)
        }
        #expect(server.now - stopped <= .milliseconds(300))
    }

    @Test("Requests that take long blame nobody whose probe is good")
    func excused() {
        var server = Watched()
        server.isBusy(for: .seconds(2))
        while server.state == .healthy {
            server.pass(.milliseconds(25))
            server.see(inFlight: 1)
        }
        server.probe(.good)
        #expect(server.state == .healthy)
        for _ in 0..<100 {
            server.pass(.milliseconds(25))
            server.see(inFlight: 1)
            #expect(server.state == .healthy, "it was excused until it answers again")
        }
    }

    @Test("A pause of 300 ms makes a suspect, never a dead server")
    func pause() {
        var server = Watched()
        for _ in 0..<20 {
            server.isBusy(for: .seconds(1))
            server.probe(.good, after: .milliseconds(300))
            #expect(server.state != .dead)
            server.see(answered: 5, inFlight: 1)
            #expect(server.state == .healthy)
        }
    }

    @Test("Two probes out of time end a server; one is a lost packet")
    func timeouts() {
        var server = Watched()
        server.probe(.timedOut, after: .seconds(1))
        #expect(server.state == .suspect)
        server.probe(.timedOut, after: .seconds(1))
        #expect(server.state == .dead && server.health.isGone)
    }

    @Test("Wrong answers take it out, and its connections live")
    func wrong() {
        var server = Watched()
        for _ in 0..<3 { server.probe(.wrong(.status(503))) }
        #expect(server.state == .dead && !server.health.isGone)
        #expect("\(server.health.cause)" == "probe: status 503, 3 in a row")
    }

    @Test("Five errors in a row make a suspect, which good probes do not clear and three good trials do")
    func errors() {
        var server = Watched()
        server.see(failed: 5)
        #expect(server.state == .suspect)
        for _ in 0..<10 { server.probe(.good) }
        #expect(server.state == .suspect)
        for _ in 0..<3 {
            while !server.health.takesTrial(at: server.now) { server.pass(.milliseconds(10)) }
            server.see(answered: 1)
        }
        #expect(server.state == .returning)
    }

    @Test("Trials of a server that goes on failing become rare")
    func rareTrials() {
        var server = Watched()
        server.see(failed: 5)
        var trials = 0
        let end = server.now + .seconds(60)
        while server.now < end {
            server.pass(.milliseconds(25))
            if server.health.takesTrial(at: server.now) {
                trials += 1
                server.see(failed: 1)
            }
        }
        #expect((5...14).contains(trials))
    }

    @Test("Errors among good answers need more than half, and ten answers")
    func share() {
        var server = Watched()
        for _ in 0..<4 { server.see(answered: 1, failed: 1) }
        #expect(server.state == .healthy, "eight say nothing")
        for _ in 0..<200 {
            server.pass(.milliseconds(25))
            server.see(answered: 1, failed: 1)
        }
        #expect(server.state == .healthy, "a half is no majority")
        for _ in 0..<40 {
            server.pass(.milliseconds(25))
            server.see(answered: 1, failed: 4)
        }
        #expect(server.state == .suspect)
    }

    @Test("A dead server returns after two good probes, by slow start")
    func returning() {
        var server = Watched(known: .dead)
        server.probe(.good)
        #expect(server.state == .dead)
        server.probe(.good)
        #expect(server.state == .returning)
        #expect(server.health.slowStartShare(at: server.now) == 0)
        server.pass(.seconds(5))
        #expect(server.health.slowStartShare(at: server.now) == 0.5)
        server.pass(.seconds(5))
        server.see()
        #expect(server.state == .healthy)
    }

    @Test("Without probes nobody dies, and trials decide")
    func unwatched() {
        var server = Watched(known: nil, probes: false)
        #expect(server.state == .healthy)
        server.health.lost(.refused, at: server.now)
        #expect(server.state == .suspect)
        for _ in 0..<3 {
            while !server.health.takesTrial(at: server.now) { server.pass(.milliseconds(10)) }
            server.see(answered: 1)
        }
        #expect(server.state == .returning)
    }

    @Test("A suspicion in a slow start that turns out wrong does not end it")
    func interruptedSlowStart() {
        var server = Watched(known: .dead)
        server.probe(.good)
        server.probe(.good)
        #expect(server.state == .returning)
        server.pass(.seconds(2))
        server.health.lost(.reset, at: server.now)
        #expect(server.state == .suspect)
        server.probe(.good)
        #expect(server.state == .returning)
        #expect((0.2...0.3).contains(server.health.slowStartShare(at: server.now)), "it goes on where it was")
    }

    @Test("Errors in a slow start begin it anew")
    func brokenSlowStart() {
        var server = Watched(known: .dead)
        server.probe(.good)
        server.probe(.good)
        server.pass(.seconds(5))
        server.see(failed: 5)
        #expect(server.state == .suspect)
        for _ in 0..<3 {
            while !server.health.takesTrial(at: server.now) { server.pass(.milliseconds(10)) }
            server.see(answered: 1)
        }
        #expect(server.state == .returning && server.health.slowStartShare(at: server.now) == 0)
    }

    @Test("Errors that were in flight at the suspicion do not make trials rarer")
    func lateErrors() {
        var server = Watched()
        server.see(failed: 5)
        for _ in 0..<12 {
            server.pass(.milliseconds(25))
            server.see(failed: 2)
        }
        server.pass(.milliseconds(300))
        let isDue = server.health.takesTrial(at: server.now)
        #expect(isDue, "half a second after the suspicion")
    }

    @Test("Answers that are cut off again and again make a suspect, though their heads are good")
    func cutOff() {
        var server = Watched()
        for _ in 0..<8 {
            server.pass(.milliseconds(25))
            var signs = Signs()
            (signs.answered, signs.spoiled) = (2, 2)
            server.health.see(signs, hasSlept: false, at: server.now)
        }
        #expect(server.state == .suspect)
    }

    @Test("A health path that always takes longer than the pace is soon known for it")
    func slowHealthPath() {
        var server = Watched()
        for _ in 0..<20 { server.probe(.good, after: .milliseconds(300)) }
        for _ in 0..<20 {
            server.probe(.good, after: .milliseconds(300))
            #expect(server.state == .healthy)
        }
        while !server.health.takesProbe(jitter: 0, at: server.now) { server.pass(.milliseconds(10)) }
        server.pass(.milliseconds(300))
        server.health.checkProbe(at: server.now)
        #expect(server.state == .healthy)
        server.pass(.milliseconds(700))
        server.health.checkProbe(at: server.now)
        #expect(server.state == .suspect, "but not for any delay")
    }

    @Test("Wrong answers of different kinds add up")
    func differentFaults() {
        var server = Watched()
        for status in [502, 503, 504] { server.probe(.wrong(.status(status))) }
        #expect(server.state == .dead)
    }

    @Test("A suspect of errors that nobody can try comes back by slow start")
    func untried() {
        var server = Watched()
        server.see(failed: 5)
        let end = server.now + .seconds(31)
        while server.now < end {
            server.probe(.good)
            server.see()
        }
        #expect(server.state == .returning && server.health.cause == .untried)
    }
}
