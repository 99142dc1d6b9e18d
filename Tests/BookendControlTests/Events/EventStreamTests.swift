import Foundation
import Testing

@testable import BookendControl

@Suite("Events")
struct EventTests {
    /// Events with these numbers; 0 is one that is not kept.
    private func ring(_ numbers: some Sequence<Int64>, capacity: Int = 100) -> EventRing {
        var ring = EventRing(capacity: capacity)
        for number in numbers { ring.append(event(number)) }
        return ring
    }

    private func event(_ number: Int64) -> Event {
        Event(
            id: number == 0 ? nil : number, time: WallTime(microseconds: 1_795_224_360_000_000),
            monotonicNanoseconds: 1,
            kind: .serverState, pool: "main", server: "s", text: "event \(number)", detail: ["cap": 4], cause: nil)
    }

    private func page(_ numbers: some Sequence<Int64>, oldest: Int64 = 1, more: Bool) -> JournalPage {
        JournalPage(entries: numbers.map(event), oldest: oldest, more: more)
    }

    /// Everything that is there for it now.
    private func take(_ subscription: inout EventSubscription, _ ring: EventRing) -> String {
        var all: [UInt8] = []
        while let bytes = subscription.next(in: ring) { all += bytes }
        return String(decoding: all, as: UTF8.self)
    }

    private func ids(_ text: String) -> [Int64] {
        text.split(separator: "\n").filter { $0.hasPrefix("id: ") }.compactMap { Int64($0.dropFirst(4)) }
    }

    @Test("Who comes anew gets what happens from then on, once and in order")
    func fresh() {
        var ring = ring(1...3)
        var one = EventSubscription(after: nil, in: ring)
        #expect(take(&one, ring) == "retry: 2000\n\n" && one.wanted() == nil)
        for number in Int64(4)...6 { ring.append(event(number)) }
        let text = take(&one, ring)
        #expect(ids(text) == [4, 5, 6])
        #expect(
            text.hasPrefix(
                "id: 4\nevent: server_state\ndata: {\"detail\":{\"cap\":4},\"id\":4,\"kind\":\"server_state\","
                    + "\"monotonic_nanoseconds\":1,\"pool\":\"main\",\"server\":\"s\",\"text\":\"event 4\","
                    + "\"time\":\"2026-11-21T01:26:00.000000Z\"}\n\n"), "\(text)")
        #expect(take(&one, ring) == "")
    }

    @Test("Who comes back goes on after the last event it had; what is not kept has no id, so that it changes nothing")
    func resumed() {
        let ring = ring([1, 2, 3, 0, 5, 6, 0])
        var one = EventSubscription(after: "3", in: ring)
        let text = take(&one, ring)
        #expect(ids(text) == [5, 6] && !text.contains("missed") && one.wanted() == nil)
        var last = EventSubscription(after: "6", in: ring)
        #expect(ids(take(&last, ring)).isEmpty)
    }

    @Test("Who was away for long, over restarts too, gets from the journal what the ring does not reach back to")
    func fromJournal() {
        var ring = ring(8...10, capacity: 4)
        var one = EventSubscription(after: "2", in: ring)
        #expect(take(&one, ring) == "retry: 2000\n\n")
        #expect(one.wanted() == 2 && one.wanted() == nil, "it asks once")
        ring.append(event(11))
        #expect(take(&one, ring).isEmpty, "nothing comes before what was missed")
        one.take(page(3...4, more: true), ring)
        #expect(one.wanted() == nil, "the first page has to be taken first")
        #expect(ids(take(&one, ring)) == [3, 4])
        #expect(one.wanted() == 4)
        one.take(page(5...9, more: true), ring)
        let text = take(&one, ring)
        #expect(ids(text) == [5, 6, 7, 8, 9, 10, 11] && !text.contains("missed"))
    }

    @Test("What a process told before it died may not be on disk: then it is simply over, and nothing is missed")
    func restarted() {
        let ring = ring(2_000...2_003)
        var one = EventSubscription(after: "1007", in: ring)
        _ = take(&one, ring)
        #expect(one.wanted() == 1_007)
        one.take(page([], more: false), ring)
        let text = take(&one, ring)
        #expect(ids(text) == [2_000, 2_001, 2_002, 2_003] && !text.contains("missed"), "\(text)")
    }

    @Test("From 0 on is from where the journal begins, and nothing is missed")
    func fromTheBeginning() {
        let ring = ring(50...60, capacity: 4)
        var one = EventSubscription(after: "0", in: ring)
        _ = take(&one, ring)
        #expect(one.wanted() == 0)
        one.take(page(41...60, oldest: 41, more: false), ring)
        let text = take(&one, ring)
        #expect(ids(text) == Array(41...60) && !text.contains("missed"))
    }

    @Test("Who missed events that are not kept any more, or cannot be read, is told so, and gets what there is")
    func missed() {
        let ring = ring(50...60, capacity: 4)
        for (page, wanted) in [
            (page(41...60, oldest: 41, more: false), Array(Int64(41)...60)), (nil, [57, 58, 59, 60]),
        ] {
            var one = EventSubscription(after: "7", in: ring)
            _ = take(&one, ring)
            #expect(one.wanted() == 7)
            one.take(page, ring)
            let text = take(&one, ring)
            #expect(text.contains("event: missed\ndata: {\"reason\":\"") && ids(text) == wanted, "\(text)")
        }
        var one = EventSubscription(after: "7", in: ring)
        _ = take(&one, ring)
        _ = one.wanted()
        one.take(page(8...20, more: false), ring)
        let text = take(&one, ring)
        #expect(text.contains("missed") && ids(text).last == 60, "the disk is far behind")
    }

    @Test(
        "Who names an event that never was is told so and gets what is there",
        arguments: ["other-9", "99", "", "life-", "-3", "9223372036854775808", "\u{1}\u{2}<b>"])
    func unknown(_ id: String) {
        let ring = ring(1...10, capacity: 4)
        var one = EventSubscription(after: id, in: ring)
        let text = take(&one, ring)
        #expect(text.contains("event: missed\ndata: {\"reason\":\""), "\(text)")
        #expect(ids(text) == [7, 8, 9, 10])
        #expect(!text.unicodeScalars.contains { $0.value < 0x20 && $0 != "\n" })
    }

    @Test("Who is too slow is told why, and dropped")
    func slow() {
        var ring = ring([], capacity: 4)
        var one = EventSubscription(after: nil, in: ring)
        _ = take(&one, ring)
        for number in Int64(1)...9 { ring.append(event(number)) }
        let text = take(&one, ring)
        #expect(text == "event: dropped\ndata: {\"reason\":\"too slow: 5 events were overwritten; come back\"}\n\n")
        #expect(one.isOver)
        ring.append(event(10))
        #expect(take(&one, ring) == "")
    }

    @Test("The ring holds as many as it may, and places go on")
    func bounded() {
        let ring = ring(1...1_000, capacity: 16)
        #expect(ring.first == 984 && ring.next == 1_000 && ring.lastID == 1_000)
        #expect(ring.place(after: 1_000) == 1_000 && ring.place(after: 984) == 984 && ring.place(after: 983) == nil)
    }

    @Test("A kind from a damaged file makes no line of its own in a stream")
    func hostileKind() {
        let odd = Event(
            id: 1, time: .now, monotonicNanoseconds: 1, kind: Event.Kind(rawValue: "x\nid: 9\n\n"), pool: nil,
            server: nil,
            text: "a\nb", detail: [:], cause: nil)
        let lines = String(decoding: EventMessage.bytes(odd), as: UTF8.self).split(separator: "\n")
        #expect(lines.count == 3 && lines[0] == "id: 1" && lines[1] == "event: xid")
    }
}
