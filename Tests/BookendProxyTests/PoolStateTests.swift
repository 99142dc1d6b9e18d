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
        var pool = PoolState(plan.pools[0], of: plan)
        var random = SeededRandom(seed: 1)
        for _ in 0..<400 { _ = pool.pick(except: [], using: &random) }
        #expect(plan.inFlight.value(0) == 300)
        #expect(plan.inFlight.value(1) == 100)
    }

    @Test("In a large pool every server gets its exact share, and each is tried before a request is given up")
    func largePool() throws {
        let names = (0..<100).map { "s\($0): { address: 127.0.0.1:\($0 + 1), weight: \($0 % 2 + 1) }" }
        let plan = try plan("{ \(names.joined(separator: ", ")) }")
        var pool = PoolState(plan.pools[0], of: plan)
        var random = SeededRandom(seed: 1)
        for _ in 0..<300 { _ = pool.pick(except: [], using: &random) }
        #expect((0..<100).allSatisfy { abs(plan.inFlight.value($0) - 2 * ($0 % 2 + 1)) <= 1 })
        for _ in 0..<1_200 { _ = pool.pick(except: [], using: &random) }
        #expect((0..<100).allSatisfy { abs(plan.inFlight.value($0) - 10 * ($0 % 2 + 1)) <= 1 })
        var tried: [ServerID] = []
        while let server = pool.pick(except: tried, using: &random) { tried.append(server) }
        #expect(Set(tried).count == 100 && tried.count == 100)
    }

    @Test("A backup serves only when every other server was tried, and nobody is picked twice")
    func backups() throws {
        let plan = try plan("{ a: 127.0.0.1:1, b: 127.0.0.1:2, c: { address: 127.0.0.1:3, backup: true } }")
        var pool = PoolState(plan.pools[0], of: plan)
        var random = SeededRandom(seed: 1)
        var tried: [ServerID] = []
        while let server = pool.pick(except: tried, using: &random), tried.count < 9 {
            tried.append(server)
        }
        #expect(Set(tried.prefix(2)) == [ServerID(index: 0), ServerID(index: 1)])
        #expect(tried.dropFirst(2) == [ServerID(index: 2)])
    }
}
