import Testing

@testable import BookendCore

@Suite("When an overload begins and ends")
struct RefusalWatchTests {
    @Test(
        "It begins with the first refusal, goes on through pauses, and ends with the last one once ten seconds are calm"
    )
    func once() {
        var watch = RefusalWatch()
        let start = Moment(nanoseconds: 1_000_000_000_000)
        var seen: [RefusalWatch.Change] = []
        for second in 0..<60 {
            let refused: UInt64 = (5..<20).contains(second) || second == 27 ? 3 : 0
            if let change = watch.see(refused, at: start + .seconds(Int64(second))) { seen.append(change) }
        }
        #expect(seen == [.began, .ended(.seconds(22), refused: 48)])
    }
}
