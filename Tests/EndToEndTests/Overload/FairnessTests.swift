import Foundation
import Glibc
import Synchronization
import Testing

@Suite("One client among many")
struct FairnessTests {
    /// How clients reach Bookend.
    enum Way: String, CaseIterable, Sendable {
        case directly
        case throughAProxy

        /// One request on a connection of its own; its status, 0 without one.
        func status(_ port: UInt16, client: String) -> Int {
            let isDirect = self == .directly
            let field = isDirect ? "" : "X-Forwarded-For: 192.0.2.1, \(client), 127.0.0.2\r\n"
            guard let connection = try? Connection(to: port, from: isDirect ? client : nil),
                (try? connection.send(get("/", "Connection: close\r\n" + field))) != nil
            else { return 0 }
            return (try? connection.response().status) ?? 0
        }
    }

    /// Asks again as soon as it is answered, from so many threads at a time, until it is stopped.
    private final class Flood: Sendable {
        private struct State {
            var isOn = true
            var counts: [Int: Int] = [:]
        }

        private let state = Mutex(State())

        init(_ way: Way, _ port: UInt16, client: String, threads: Int) {
            for _ in 0..<threads {
                Thread.detachNewThread { [self] in
                    while state.withLock({ $0.isOn }) {
                        let status = way.status(port, client: client)
                        state.withLock { $0.counts[status, default: 0] += 1 }
                        usleep(20_000)
                    }
                }
            }
        }

        func stop() { state.withLock { $0.isOn = false } }

        /// How often that status came.
        subscript(status: Int) -> Int { state.withLock { $0.counts[status] ?? 0 } }
    }

    @Test("Who floods gets 429 and what the others leave; the others are answered", arguments: Way.allCases)
    func flood(_ way: Way) async throws {
        try await Stage.run(alone: true) { stage in
            let origin = try stage.origin("web-01") { connection in
                while true {
                    try connection.request()
                    usleep(20_000)
                    try connection.answer()
                }
            }
            let bookend = try stage.bookend(
                addresses: ["web-01: { address: \(origin.address), max-in-flight: 2 }"],
                listener: way == .directly ? [] : ["trusted-proxies: [127.0.0.1, 127.0.0.2]"],
                pool: ["admission: { limiter: off }"])
            let flood = Flood(way, bookend.port, client: "127.0.0.99", threads: 30)
            defer { flood.stop() }
            try eventually("the flood is told that it is too much", within: 12) { flood[429] > 0 }
            sleep(1)
            var answered = 0
            for number in 0..<40 {
                if way.status(bookend.port, client: "127.0.1.\(number + 1)") == 200 { answered += 1 }
                usleep(50_000)
            }
            #expect(answered >= 36, "\(answered) of 40; the flood got \(flood[200]), 429 for \(flood[429])")
            let pool = try bookend.status().pools[0]
            #expect(pool.shedReasons["client", default: 0] > 50, "\(pool)")
            #expect(flood[200] > 200, "what the others leave is the flood's")
        }
    }
}
