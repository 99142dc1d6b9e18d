import BookendCore
import Testing

@Suite("Who is served when not all can be")
struct FairnessTests {
    private typealias Client = OverloadedPool.Client

    @Test("At three times the load nobody critical is refused as long as they alone are not too many")
    func critical() {
        let others = (0..<60).map { Client($0 % 3 == 0 ? .background : .normal, hash: UInt64($0), rate: 3.5) }
        var pool = OverloadedPool([Client(.critical, hash: 7, rate: 90)] + others)
        pool.play(seconds: 30)
        #expect(pool.clients[0].share > 0.999, "\(pool.clients[0])")
        #expect(pool.served > 2_500, "no place stays empty")
        let background = pool.clients.filter { $0.priority == .background }
        #expect(background.allSatisfy { $0.served < 5 }, "nobody is served before somebody who matters more")
    }

    @Test("One client that sends more than all others together is told so, and the others are served")
    func flood() {
        let others = (0..<20).map { Client(.normal, hash: UInt64($0), rate: 2) }
        var pool = OverloadedPool([Client(.normal, hash: 200, rate: 300)] + others)
        pool.play(seconds: 30)
        let flood = pool.clients[0]
        #expect(pool.clients.dropFirst().allSatisfy { $0.share > 0.9 }, "\(pool.clients.map(\.share))")
        #expect(flood.shed[.client, default: 0] > flood.asked / 2)
        #expect(pool.served > 2_500, "what the others leave is the flood's: \(pool.served)")
    }

    @Test("A flood of critical requests does not shut out others of its kind")
    func criticalFlood() {
        let others = (0..<10).map { Client(.critical, hash: UInt64($0), rate: 3) }
        var pool = OverloadedPool([Client(.critical, hash: 200, rate: 400)] + others)
        pool.play(seconds: 30)
        #expect(pool.clients.dropFirst().allSatisfy { $0.share > 0.9 }, "\(pool.clients.map(\.share))")
        #expect(pool.served > 2_500, "\(pool.served)")
    }

    @Test("Clients that ask for alike are over no share, however many there are: chance decides, by rank")
    func alike() {
        var pool = OverloadedPool((0..<60).map { Client(.normal, hash: UInt64($0), rate: 5) })
        pool.play(seconds: 30)
        #expect(pool.clients.allSatisfy { $0.shed[.client] == nil })
        #expect(pool.served > 2_500, "\(pool.served)")
    }
}
