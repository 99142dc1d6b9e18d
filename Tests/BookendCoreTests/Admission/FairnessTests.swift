import BookendCore
import Testing

@Suite("Who is served when not all can be")
struct FairnessTests {
    private typealias Client = OverloadedPool.Client
    /// Of a server with two places, and of one with ten.
    private static let patiences: [TimeSpan] = [.milliseconds(20), .milliseconds(100)]

    @Test(
        "At three times the load nobody critical is refused as long as they alone are not too many",
        arguments: patiences)
    func critical(patience: TimeSpan) {
        let others = (0..<60).map { Client($0 % 3 == 0 ? .background : .normal, hash: UInt64($0), rate: 3.5) }
        var pool = OverloadedPool([Client(.critical, hash: 7, rate: 90)] + others, patience: patience)
        pool.play(seconds: 30)
        #expect(pool.clients[0].share > 0.999, "\(pool.clients[0])")
        #expect(pool.served > 2_500, "no place stays empty")
        let background = pool.clients.filter { $0.priority == .background }
        #expect(background.allSatisfy { $0.served < 5 }, "nobody is served before somebody who matters more")
    }

    @Test(
        "One client that sends more than all others together is told so, and the others are served",
        arguments: patiences)
    func flood(patience: TimeSpan) {
        let others = (0..<20).map { Client(.normal, hash: UInt64($0), rate: 2) }
        // With less patience more are let in beyond what is served, so that no place stays empty; and whoever comes while two
        // others do has waited too long.
        let (rate, least) = patience < .milliseconds(100) ? (900.0, 0.8) : (300, 0.9)
        var pool = OverloadedPool([Client(.normal, hash: 200, rate: rate)] + others, patience: patience)
        pool.play(seconds: 30)
        let flood = pool.clients[0]
        #expect(pool.clients.dropFirst().allSatisfy { $0.share > least }, "\(pool.clients.map(\.share))")
        #expect(flood.shed[.client, default: 0] > flood.asked / 2)
        #expect(pool.served > 2_500, "what the others leave is the flood's: \(pool.served)")
    }

    @Test("A flood of critical requests does not shut out others of its kind", arguments: patiences)
    func criticalFlood(patience: TimeSpan) {
        let others = (0..<10).map { Client(.critical, hash: UInt64($0), rate: 3) }
        var pool = OverloadedPool([Client(.critical, hash: 200, rate: 400)] + others, patience: patience)
        pool.play(seconds: 30)
        #expect(pool.clients.dropFirst().allSatisfy { $0.share > 0.9 }, "\(pool.clients.map(\.share))")
        #expect(pool.served > 2_500, "\(pool.served)")
    }

    @Test(
        "Clients that ask for alike are over no share, however many there are: chance decides, by rank",
        arguments: patiences)
    func alike(patience: TimeSpan) {
        var pool = OverloadedPool((0..<60).map { Client(.normal, hash: UInt64($0), rate: 5) }, patience: patience)
        pool.play(seconds: 30)
        #expect(pool.clients.allSatisfy { $0.shed[.client] == nil })
        #expect(pool.served > 2_500, "\(pool.served)")
    }
}
