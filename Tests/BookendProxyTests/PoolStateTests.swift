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
        for _ in 0..<400 { _ = pool.pick(except: [], isSafe: true, using: &random) }
        #expect(plan.inFlight.value(0) == 300)
        #expect(plan.inFlight.value(1) == 100)
    }

    @Test("In a large pool every server gets its exact share, and each is tried before a request is given up")
    func largePool() throws {
        let names = (0..<100).map { "s\($0): { address: 127.0.0.1:\($0 + 1), weight: \($0 % 2 + 1) }" }
        let plan = try plan("{ \(names.joined(separator: ", ")) }")
        var pool = PoolState(plan.pools[0], of: plan, workers: 1, at: .origin)
        var random = SeededRandom(seed: 1)
        for _ in 0..<300 { _ = pool.pick(except: [], isSafe: true, using: &random) }
        #expect((0..<100).allSatisfy { abs(plan.inFlight.value($0) - 2 * ($0 % 2 + 1)) <= 1 })
        for _ in 0..<1_200 { _ = pool.pick(except: [], isSafe: true, using: &random) }
        #expect((0..<100).allSatisfy { abs(plan.inFlight.value($0) - 10 * ($0 % 2 + 1)) <= 1 })
        var tried: [ServerID] = []
        while let (server, _) = pool.pick(except: tried, isSafe: true, using: &random) { tried.append(server) }
        #expect(Set(tried).count == 100 && tried.count == 100)
    }

    @Test("A backup serves only when every other server was tried, and nobody is picked twice")
    func backups() throws {
        let plan = try plan("{ a: 127.0.0.1:1, b: 127.0.0.1:2, c: { address: 127.0.0.1:3, backup: true } }")
        var pool = PoolState(plan.pools[0], of: plan, workers: 1, at: .origin)
        var random = SeededRandom(seed: 1)
        var tried: [ServerID] = []
        while let (server, _) = pool.pick(except: tried, isSafe: true, using: &random), tried.count < 9 {
            tried.append(server)
        }
        #expect(Set(tried.prefix(2)) == [ServerID(index: 0), ServerID(index: 1)])
        #expect(tried.dropFirst(2) == [ServerID(index: 2)])
    }

    @Test("Standings decide who is asked: serving, spare, over the caps, suspect, and all others at last")
    func standings() throws {
        let plan = try plan("{ a: 127.0.0.1:1, b: 127.0.0.1:2, c: 127.0.0.1:3, d: 127.0.0.1:4, e: 127.0.0.1:5 }")
        var pool = PoolState(plan.pools[0], of: plan, workers: 1, at: .origin)
        var random = SeededRandom(seed: 1)
        func standing(_ tier: Standing.Tier, cap: Int32 = .max) -> Standing {
            Standing(tier: tier, cap: cap, share: Standing.wholeShare, isGone: tier == .out)
        }
        pool.apply([
            standing(.out), standing(.suspect), standing(.spare), standing(.serving), standing(.serving, cap: 1),
        ])
        func picked(_ tried: [Int]) -> (Int, Choice)? {
            let tried = tried.map { ServerID(index: $0) }
            return pool.pick(except: tried, isSafe: true, using: &random).map { ($0.server.index, $0.why) }
        }
        #expect(Set([picked([])?.0, picked([])?.0]) == [3, 4])
        #expect(try #require(picked([])) == (3, .turn), "the other has its cap")
        #expect(try #require(picked([3])) == (2, .backup))
        #expect(try #require(picked([3, 2])) == (4, .crowded))
        #expect(try #require(picked([4, 3, 2])) == (1, .suspect))
        #expect(try #require(picked([4, 3, 2, 1])) == (0, .lastResort))
        #expect(picked([4, 3, 2, 1, 0]) == nil)
    }

    @Test("A cut share is its part of the picks; a trial is for one request that can be sent twice")
    func sharesAndTrials() throws {
        let plan = try plan("{ a: 127.0.0.1:1, b: 127.0.0.1:2 }")
        var pool = PoolState(plan.pools[0], of: plan, workers: 1, at: .origin)
        var random = SeededRandom(seed: 1)
        let whole = Standing(tier: .serving, cap: .max, share: Standing.wholeShare, isGone: false)
        pool.apply([whole, Standing(tier: .serving, cap: .max, share: 64, isGone: false)])
        for _ in 0..<8_000 { _ = pool.pick(except: [], isSafe: true, using: &random) }
        #expect((900...1_100).contains(plan.inFlight.value(1)), "an eighth of all, not a half")
        pool.apply([whole, Standing(tier: .suspect, cap: .max, share: Standing.wholeShare, isGone: false)])
        pool.tryOut(ServerID(index: 1))
        #expect(pool.pick(except: [], isSafe: false, using: &random)?.server.index == 0)
        #expect(try #require(pool.pick(except: [], isSafe: true, using: &random)) == (ServerID(index: 1), .trial))
        #expect(pool.pick(except: [], isSafe: true, using: &random)?.server.index == 0)
    }
}
