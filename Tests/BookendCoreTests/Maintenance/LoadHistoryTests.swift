import Testing

@testable import BookendCore

@Suite("A pool's load of the last ten minutes")
struct LoadHistoryTests {
    private func history(_ seconds: some BidirectionalCollection<Int>) -> LoadHistory {
        var history = LoadHistory()
        var now = Moment(nanoseconds: 1_000_000_000)
        for value in seconds {
            for _ in 0..<4 {
                history.see(inFlight: value, at: now)
                now = now + .milliseconds(250)
            }
        }
        history.see(inFlight: seconds.last ?? 0, at: now)
        return history
    }

    @Test("Ninety-five of a hundred seconds did not exceed what is usual")
    func usual() {
        #expect(history(Array(0..<100)).usual == 94)
        #expect(history([3]).usual == 3 && LoadHistory().usual == 0)
        #expect(history(Array(repeating: 5, count: 95) + Array(repeating: 50, count: 5)).usual == 5)
        #expect(history(Array(repeating: 5, count: 94) + Array(repeating: 50, count: 6)).usual == 50)
    }

    @Test("What is older than ten minutes is forgotten")
    func forgets() {
        let long = history(Array(repeating: 50, count: 600) + Array(repeating: 5, count: 571))
        #expect(long.usual == 5 && long.present == 5 && long.known == .seconds(600))
        #expect(history(Array(repeating: 50, count: 600) + Array(repeating: 5, count: 569)).usual == 50)
    }

    @Test("It says after how long little enough is left of what exceeds a bound")
    func falls() {
        let busy = Array(repeating: 1, count: 500) + Array(repeating: 50, count: 31) + Array(repeating: 1, count: 69)
        #expect(history(busy).usual == 50)
        // One of the 31 has to go, the oldest, which is 99 seconds old.
        #expect(history(busy).falls(to: 10) == .seconds(501))
        #expect(history(busy).falls(to: 50) == .zero && LoadHistory().falls(to: 0) == .zero)
    }

    @Test(
        "While less than ten minutes are known, a peak becomes an exception as more of them are", arguments: [1, 3, 30])
    func fallsEarly(peak: Int) {
        let seconds = Array(repeating: 1, count: 10) + Array(repeating: 50, count: peak)
        #expect(history(seconds).falls(to: 10) == .seconds(Int64(20 * peak - seconds.count)))
        let later = seconds + Array(repeating: 1, count: 20 * peak - seconds.count)
        #expect(history(later.dropLast()).usual == 50 && history(later).usual == 1)
    }

    @Test("A pause of Bookend's own is one second with the load before it")
    func pause() {
        var history = LoadHistory()
        history.see(inFlight: 4, at: Moment(nanoseconds: 0))
        history.see(inFlight: 8, at: Moment(nanoseconds: 10_000_000_000))
        #expect(history.present == 4 && history.known == .seconds(1))
    }
}
