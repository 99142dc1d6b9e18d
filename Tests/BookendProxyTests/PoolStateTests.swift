import BookendConfig
import BookendCore
import BookendLoop
import Testing

@testable import BookendProxy

@Suite("A worker's picks")
struct PoolStateTests {
    private func plan(_ servers: String) throws -> Plan {
        let text = "listen: 127.0.0.1:0\nservers: \(servers)\n"
        let read = Configuration.parse(text: text, file: "test", environment: [:], isRoot: false)
        return try Plan(try #require(read.configuration))
    }

    @Test("Weights are exact shares, and every pick is in flight from then on")
    func shares() throws {
        let plan = try plan("{ a: { address: 127.0.0.1:1, weight: 3 }, b: 127.0.0.1:2 }")
        var pool = PoolState(plan.pools[0], of: plan, workers: 1, at: .origin)
        var random = SeededRandom(seed: 1)
        for _ in 0..<400 { _ = pool.pick(except: [], isSafe: true, isPressed: false, using: &random) }
        #expect(plan.inFlight.value(0) == 300)
        #expect(plan.inFlight.value(1) == 100)
    }

    @Test("In a large pool every server gets its exact share, and each is tried before a request is given up")
    func largePool() throws {
        let names = (0..<100).map { "s\($0): { address: 127.0.0.1:\($0 + 1), weight: \($0 % 2 + 1) }" }
        let plan = try plan("{ \(names.joined(separator: ", ")) }")
        var pool = PoolState(plan.pools[0], of: plan, workers: 1, at: .origin)
        var random = SeededRandom(seed: 1)
        for _ in 0..<300 { _ = pool.pick(except: [], isSafe: true, isPressed: false, using: &random) }
        #expect((0..<100).allSatisfy { abs(plan.inFlight.value($0) - 2 * ($0 % 2 + 1)) <= 1 })
        for _ in 0..<1_200 { _ = pool.pick(except: [], isSafe: true, isPressed: false, using: &random) }
        #expect((0..<100).allSatisfy { abs(plan.inFlight.value($0) - 10 * ($0 % 2 + 1)) <= 1 })
        var tried: [ServerID] = []
        while let server = pool.pick(except: tried, isSafe: true, isPressed: false, using: &random).server {
            tried.append(server)
        }
        #expect(Set(tried).count == 100 && tried.count == 100)
    }

    @Test("A backup serves only when every other server was tried, and nobody is picked twice")
    func backups() throws {
        let plan = try plan("{ a: 127.0.0.1:1, b: 127.0.0.1:2, c: { address: 127.0.0.1:3, backup: true } }")
        var pool = PoolState(plan.pools[0], of: plan, workers: 1, at: .origin)
        var random = SeededRandom(seed: 1)
        var tried: [ServerID] = []
        while let server = pool.pick(except: tried, isSafe: true, isPressed: false, using: &random).server,
            tried.count < 9
        {
            tried.append(server)
        }
        #expect(Set(tried.prefix(2)) == [ServerID(index: 0), ServerID(index: 1)])
        #expect(tried.dropFirst(2) == [ServerID(index: 2)])
    }

    @Test("Standings decide who is asked: serving, spare, suspect, and all others at last")
    func standings() throws {
        let plan = try plan("{ a: 127.0.0.1:1, b: 127.0.0.1:2, c: 127.0.0.1:3, d: 127.0.0.1:4, e: 127.0.0.1:5 }")
        var pool = PoolState(plan.pools[0], of: plan, workers: 1, at: .origin)
        var random = SeededRandom(seed: 1)
        pool.apply([standing(.out), standing(.suspect), standing(.spare), standing(.serving), standing(.serving)])
        func picked(_ tried: [Int]) -> Pick {
            pool.pick(except: tried.map { ServerID(index: $0) }, isSafe: true, isPressed: false, using: &random)
        }
        #expect(Set([picked([]).server?.index, picked([]).server?.index]) == [3, 4])
        #expect(picked([4]) == .server(ServerID(index: 3), .turn))
        #expect(picked([3, 4]) == .server(ServerID(index: 2), .backup))
        #expect(picked([4, 3, 2]) == .server(ServerID(index: 1), .suspect))
        #expect(picked([4, 3, 2, 1]) == .server(ServerID(index: 0), .lastResort))
        #expect(picked([4, 3, 2, 1, 0]) == .nobody)
    }

    @Test("A leased server gets nothing, not as the last resort either, and nobody waits for it")
    func leased() throws {
        let plan = try plan("{ a: 127.0.0.1:1, b: 127.0.0.1:2, c: 127.0.0.1:3 }")
        var pool = PoolState(plan.pools[0], of: plan, workers: 1, at: .origin)
        var random = SeededRandom(seed: 1)
        pool.apply([standing(.serving), standing(.leased), standing(.out)])
        func picked(_ tried: [Int]) -> Pick {
            pool.pick(except: tried.map { ServerID(index: $0) }, isSafe: true, isPressed: false, using: &random)
        }
        let (a, b, c) = (ServerID(index: 0), ServerID(index: 1), ServerID(index: 2))
        #expect(picked([]) == .server(a, .turn) && picked([0]) == .server(c, .lastResort))
        #expect(picked([0, 2]) == .nobody)
        #expect(pool.hasAnother(than: a, except: []) && !pool.hasAnother(than: a, except: [c]))
        #expect(pool.hasAnother(than: b, except: [a]), "what was in flight there can go to c")
        pool.apply([standing(.leased), standing(.leased), standing(.leased)])
        #expect(picked([]) == .nobody)
        pool.apply([standing(.serving), standing(.serving), standing(.leased)])
        #expect(Set([picked([]).server, picked([]).server]) == [a, b])
    }

    @Test("Nobody gets more than its cap; then requests wait, and neither suspects nor the dead are asked instead")
    func caps() throws {
        let plan = try plan("{ a: 127.0.0.1:1, b: 127.0.0.1:2, c: 127.0.0.1:3, d: 127.0.0.1:4 }")
        var pool = PoolState(plan.pools[0], of: plan, workers: 1, at: .origin)
        var random = SeededRandom(seed: 1)
        pool.apply([standing(.serving), standing(.serving), standing(.suspect), standing(.out)])
        plan.inFlight.setLimit(3, of: 0)
        plan.inFlight.setLimit(1, of: 1)
        func picked(_ tried: [ServerID] = []) -> Pick {
            pool.pick(except: tried, isSafe: true, isPressed: false, using: &random)
        }
        for _ in 0..<4 { #expect(picked().server != nil) }
        #expect(plan.inFlight.value(0) == 3 && plan.inFlight.value(1) == 1)
        #expect(picked() == .full)
        #expect(picked([ServerID(index: 0)]) == .full)
        plan.inFlight.decrement(1)
        #expect(picked() == .server(ServerID(index: 1), .turn))
    }

    private func standing(_ tier: Standing.Tier) -> Standing {
        Standing(tier: tier, share: Standing.wholeShare, isGone: tier == .out)
    }

    @Test("A weight that an agent cuts is a weight: 75 % of an equal server's is three requests to its four")
    func agentWeights() throws {
        let plan = try plan("{ a: 127.0.0.1:1, b: { address: 127.0.0.1:2, weight: 2 } }")
        var pool = PoolState(plan.pools[0], of: plan, workers: 1, at: .origin)
        var random = SeededRandom(seed: 1)
        func share(of count: Int) -> Int {
            let before = plan.inFlight.value(1)
            for _ in 0..<count { _ = pool.pick(except: [], isSafe: true, isPressed: false, using: &random) }
            return plan.inFlight.value(1) - before
        }
        var cut = standing(.serving)
        cut.weightPercent = 75
        pool.apply([standing(.serving), cut])
        #expect(abs(share(of: 1_000) - 600) <= 2)
        pool.apply([standing(.serving), standing(.serving)])
        #expect(abs(share(of: 300) - 200) <= 2, "as configured again")
    }

    @Test("A cut share is its part of the picks; a trial is for one request that can be sent twice")
    func sharesAndTrials() throws {
        let plan = try plan("{ a: 127.0.0.1:1, b: 127.0.0.1:2 }")
        var pool = PoolState(plan.pools[0], of: plan, workers: 1, at: .origin)
        var random = SeededRandom(seed: 1)
        let whole = standing(.serving)
        pool.apply([whole, Standing(tier: .serving, share: 64, isGone: false)])
        for _ in 0..<8_000 { _ = pool.pick(except: [], isSafe: true, isPressed: false, using: &random) }
        #expect((900...1_100).contains(plan.inFlight.value(1)), "an eighth of all, not a half")
        pool.apply([whole, standing(.suspect)])
        pool.tryOut(ServerID(index: 1))
        func picked(isSafe: Bool) -> Pick {
            pool.pick(except: [], isSafe: isSafe, isPressed: false, using: &random)
        }
        #expect(picked(isSafe: false).server?.index == 0)
        #expect(picked(isSafe: true) == .server(ServerID(index: 1), .trial))
        #expect(picked(isSafe: true).server?.index == 0)
    }
}

extension Pick {
    fileprivate var server: ServerID? {
        if case .server(let server, _) = self { server } else { nil }
    }
}
