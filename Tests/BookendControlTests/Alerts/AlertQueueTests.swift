import BookendCore
import Testing

@testable import BookendControl

@Suite("What waits for a target")
struct AlertQueueTests {
    private let began = Moment.origin + .seconds(1_000)

    private func alert(_ key: String, _ number: Int = 1, _ status: Alert.Status = .open, page: Bool = false) -> Alert {
        Alert(
            id: "\(key)-\(number)", at: "", status: status, severity: page ? "page" : "warning", key: key, kind: "test",
            text: "", host: "")
    }

    private func queue() -> AlertQueue { AlertQueue(seed: 1, at: began) }

    @Test("They are sent in order, one at a time, and each once")
    func order() {
        var queue = queue()
        for key in ["a", "b", "c"] { queue.add(alert(key), at: began) }
        for key in ["a", "b", "c"] {
            let next = queue.next(at: began)
            #expect(next?.key == key && next?.omitted == 0)
            let second = queue.next(at: began)
            #expect(second == nil && queue.wake == .distantFuture)
            queue.took()
        }
        let none = queue.next(at: began)
        #expect(none == nil && queue.delivered == 3 && queue.waiting == 0)
    }

    @Test(
        "One that is not taken is sent again, later and later, each time with the same words, until it is an hour old")
    func again() {
        var queue = queue()
        queue.add(alert("a"), at: began)
        var now = began
        var pauses: [TimeSpan] = []
        while let alert = queue.next(at: now) {
            #expect(alert.id == "a-1")
            queue.failed(isRefusal: false, at: now)
            pauses.append(queue.wake - now)
            let early = queue.next(at: now)
            #expect(early == nil)
            now = queue.wake
        }
        #expect(now == began + AlertLimits.age && queue.waiting == 0 && queue.omittedInAll == 1)
        for (index, pause) in pauses.dropLast().enumerated() {
            let whole = min(TimeSpan.seconds(Int64(1) << Int64(min(index, 6))), .seconds(60))
            #expect(pause <= whole && pause.nanoseconds >= whole.nanoseconds / 2, "\(index): \(pause)")
        }
        #expect((60...140).contains(pauses.count))
    }

    @Test("After a success the next failure waits a second at most again")
    func recovered() {
        var queue = queue()
        var now = began
        for number in 0..<2 {
            queue.add(alert("a", number), at: now)
            for _ in 0..<6 {
                _ = queue.next(at: now)
                queue.failed(isRefusal: false, at: now)
                now = queue.wake
            }
            _ = queue.next(at: now)
            queue.took()
        }
        queue.add(alert("b"), at: now)
        _ = queue.next(at: now)
        queue.failed(isRefusal: false, at: now)
        #expect(queue.wake - now <= .seconds(1))
    }

    @Test("What is refused five times makes room for what waits behind it, and is counted")
    func refused() {
        var queue = queue()
        queue.add(alert("a"), at: began)
        queue.add(alert("b"), at: began)
        var now = began
        for _ in 0..<5 {
            let next = queue.next(at: now)
            #expect(next?.key == "a")
            queue.failed(isRefusal: true, at: now)
            now = queue.wake
        }
        let next = queue.next(at: now)
        #expect(next?.key == "b" && next?.omitted == 1)
    }

    @Test("Of what concerns one thing only the newest waits, and says how many it stands for")
    func folded() {
        var queue = queue()
        queue.add(alert("a", 1), at: began)
        let first = queue.next(at: began)
        #expect(first?.id == "a-1")
        // Under way: it stays as it is.
        for number in 2...9 { queue.add(alert("a", number, number % 2 == 0 ? .closed : .open), at: began) }
        queue.took()
        #expect(queue.waiting == 1)
        let last = queue.next(at: began)
        #expect(last?.id == "a-9" && last?.omitted == 7)
        // Not taken yet, and over meanwhile.
        queue.failed(isRefusal: false, at: began)
        queue.add(alert("a", 10, .closed), at: began)
        let end = queue.next(at: queue.wake)
        #expect(end?.id == "a-10" && end?.omitted == 8)
        queue.took()
        #expect(queue.delivered == 2 && queue.omittedInAll == 8)
    }

    @Test("However many come, so many wait; the oldest are left out, and the next that goes out says so")
    func bounded() {
        var queue = queue()
        for number in 1...1_000 { queue.add(alert("server-\(number)"), at: began) }
        #expect(queue.waiting == AlertLimits.waiting)
        let first = queue.next(at: began)
        #expect(first?.key == "server-937" && first?.omitted == 936)
        queue.took()
        let second = queue.next(at: began)
        #expect(second?.omitted == 0)
    }

    @Test("A storm goes out as a burst and then one every few seconds; a page does not wait behind it")
    func storm() {
        var queue = queue()
        func send(at now: Moment) -> [String] {
            var sent: [String] = []
            while let alert = queue.next(at: now) {
                sent.append(alert.key)
                queue.took()
            }
            return sent
        }
        for number in 1...40 { queue.add(alert("server-\(number)"), at: began) }
        #expect(send(at: began).count == AlertLimits.burst)
        #expect(queue.wake == began + AlertLimits.pace)
        queue.add(alert("panic", page: true), at: began)
        #expect(queue.wake <= began)
        #expect(send(at: began) == ["panic"])
        var now = queue.wake
        // What the page borrowed is paid back first.
        #expect(now == began + AlertLimits.pace + AlertLimits.pace)
        for number in 21...40 {
            #expect(send(at: now) == ["server-\(number)"])
            if number < 40 { now = queue.wake }
        }
        #expect(queue.wake == .distantFuture && queue.omittedInAll == 0)
    }

    @Test("Pages are bounded too")
    func pages() {
        var queue = queue()
        for number in 1...64 { queue.add(alert("p\(number)", page: true), at: began) }
        var count = 0
        while queue.next(at: began) != nil {
            count += 1
            queue.took()
        }
        #expect(count == 2 * AlertLimits.burst && queue.waiting == 64 - count && queue.wake > began)
    }
}
