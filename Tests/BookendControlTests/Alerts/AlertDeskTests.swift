import BookendConfig
import BookendLoop
import Testing

@testable import BookendControl

@Suite("Targets of alerts come and go")
struct AlertDeskTests {
    private let loop: Loop
    private let desk: AlertDesk

    init() throws {
        loop = try Loop()
        desk = try AlertDesk([], on: loop) { _ in }
    }

    /// Nobody listens there: what is to be told waits.
    private func targets(_ lines: [String]) throws -> [PreparedTarget] {
        let text = "alerts: [\(lines.joined(separator: ", "))]\nlisten: 127.0.0.1:0\nservers: { a: 127.0.0.1:9001 }\n"
        let read = Configuration.parse(text: text, file: "test", environment: [:], isRoot: false)
        return try #require(read.configuration, "\(read.diagnostics)").alerts.map { PreparedTarget(reading: $0) }
    }

    private func become(_ state: String, _ servers: some Sequence<Int>) {
        for server in servers {
            desk.take(
                Event(
                    id: 1, time: .now, monotonicNanoseconds: 0, kind: .serverState, pool: "main", server: "s\(server)",
                    text: "s\(server) is \(state)", detail: ["state": .text(state)], cause: nil))
        }
    }

    private var reports: [AlertTargetReport] { desk.reports(at: loop.now) }

    @Test("One that is new is told what is wrong now, and nothing that is over; one that goes is counted out")
    func new() throws {
        become("dead", 1...3)
        become("returning", 2...2)
        let first = try desk.prepare(targets(["webhook: http://127.0.0.1:1/"]))
        #expect(reports.isEmpty, "nothing has changed yet")
        #expect(desk.follow(first).isEmpty)
        #expect(reports.map(\.name) == ["webhook"] && reports[0].waiting == 2)
        let second = try desk.prepare(targets(["syslog: 127.0.0.1:1"]))
        #expect(desk.follow(second) == ["alerts: webhook: not told of 2 that waited for it"])
        #expect(reports.map(\.name) == ["syslog"])
    }

    @Test("What is kept of it is bounded, and a page is not what is left out")
    func bounded() throws {
        desk.take(
            Event(
                id: 1, time: .now, monotonicNanoseconds: 0, kind: .panicBegan, pool: "main", server: nil, text: "panic",
                detail: [:], cause: nil))
        become("dead", 1...500)
        let change = try desk.prepare(
            targets(["{ webhook: \"http://127.0.0.1:1/\", severity: page }", "syslog: 127.0.0.1:1"]))
        _ = desk.follow(change)
        #expect(reports.map(\.waiting) == [1, AlertLimits.waiting])
        #expect(reports.map(\.omitted) == [0, 0])
    }

    @Test("One that stays keeps what waits for it, whatever else changes about it")
    func stays() throws {
        _ = desk.follow(try desk.prepare(targets(["{ webhook: \"http://127.0.0.1:1/\", name: pager }"])))
        become("dead", 1...10)
        for line in [
            "{ webhook: \"http://127.0.0.1:1/\", name: pager, format: chat }",
            "{ webhook: \"http://127.0.0.1:1/\", name: other, severity: page }", "{ syslog: 127.0.0.1:1, name: other }",
        ] {
            #expect(desk.follow(try desk.prepare(targets(["exec: /bin/true", line]))).isEmpty)
            #expect(reports.count == 2 && reports[1].waiting == 10)
            #expect(desk.follow(try desk.prepare(targets([line]))).count <= 1)
            #expect(reports.count == 1 && reports[0].waiting == 10)
        }
    }

    @Test("As long as too many that are gone have a try under way another reload is refused, and changes nothing")
    func shortage() throws {
        become("dead", 1...1)
        var taken = 0
        #expect(throws: Couriers.Shortage.self) {
            // No turn of the loop: no try ends.
            for number in 1...AlertLimits.couriers + 1 {
                _ = desk.follow(
                    try desk.prepare(targets(["{ webhook: \"http://127.0.0.1:1/\(number)\", name: t\(number) }"])))
                taken = number
            }
        }
        #expect(taken == AlertLimits.couriers && reports.map(\.name) == ["t\(taken)"])
    }
}
