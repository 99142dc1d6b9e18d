import Foundation
import Testing

@testable import BookendControl

@Suite("Events")
struct EventTests {
    private func ring(_ count: Int, capacity: Int = 100, life: String = "life") -> EventRing {
        var ring = EventRing(life: life, capacity: capacity)
        for number in 1..<count + 1 { ring.append(event(number)) }
        return ring
    }

    private func event(_ number: Int) -> EventReport {
        EventReport(at: "2026-11-21T01:26:00.000Z", kind: .serverState, pool: "main", server: "s\(number)")
    }

    /// Everything that is there for it now.
    private func take(_ subscription: inout EventSubscription, _ ring: EventRing) -> String {
        var all: [UInt8] = []
        while let bytes = subscription.next(in: ring) { all += bytes }
        return String(decoding: all, as: UTF8.self)
    }

    private func ids(_ text: String) -> [String] {
        text.split(separator: "\n").filter { $0.hasPrefix("id: ") }.map { String($0.dropFirst(4)) }
    }

    @Test("Who comes anew gets what happens from then on, once and in order")
    func fresh() {
        var ring = ring(3)
        var one = EventSubscription(after: nil, in: ring)
        #expect(take(&one, ring) == "retry: 2000\n\n")
        for number in 4...6 { ring.append(event(number)) }
        let text = take(&one, ring)
        #expect(ids(text) == ["life-4", "life-5", "life-6"])
        #expect(
            text.hasPrefix(
                "id: life-4\nevent: server_state\ndata: {\"at\":\"2026-11-21T01:26:00.000Z\",\"kind\":\"server_state\","
                    + "\"pool\":\"main\",\"server\":\"s4\"}\n\n"))
        #expect(take(&one, ring) == "")
    }

    @Test("Who comes back goes on after the last event it had")
    func resumed() {
        let ring = ring(10)
        var one = EventSubscription(after: "life-7", in: ring)
        let text = take(&one, ring)
        #expect(ids(text) == ["life-8", "life-9", "life-10"] && !text.contains("missed"))
        var last = EventSubscription(after: "life-10", in: ring)
        #expect(ids(take(&last, ring)).isEmpty)
    }

    @Test(
        "Who missed events is told so and gets what is kept",
        arguments: ["life-1", "other-9", "life-99", "0", "", "life-", "life--3", "life-x", "\u{1}\u{2}<b>"])
    func missed(_ id: String) {
        let ring = ring(10, capacity: 4)
        var one = EventSubscription(after: id, in: ring)
        let text = take(&one, ring)
        #expect(text.contains("event: missed\ndata: {\"reason\":\""), "\(text)")
        #expect(ids(text) == ["life-7", "life-8", "life-9", "life-10"])
        #expect(!text.unicodeScalars.contains { $0.value < 0x20 && $0 != "\n" })
    }

    @Test("Who is too slow is told why, and dropped")
    func slow() {
        var ring = ring(0, capacity: 4)
        var one = EventSubscription(after: nil, in: ring)
        _ = take(&one, ring)
        for number in 1...9 { ring.append(event(number)) }
        let text = take(&one, ring)
        #expect(text == "event: dropped\ndata: {\"reason\":\"too slow: 5 events were overwritten; come back\"}\n\n")
        #expect(one.isOver)
        ring.append(event(10))
        #expect(take(&one, ring) == "")
    }

    @Test("The ring holds as many as it may, and numbers go on")
    func bounded() {
        let ring = ring(1_000, capacity: 16)
        #expect(ring.first == 985 && ring.next == 1_001)
        #expect(ring.number(of: "life-1000") == 1_000 && ring.number(of: "life-1001") == nil)
    }
}
