import Foundation
import Glibc
import Synchronization
import Testing

@Suite("One client among many")
struct FairnessTests {
    /// One request on a connection of its own; its status, 0 without one.
    private static func status(_ port: UInt16, from address: String) -> Int {
        guard let client = try? Connection(to: port, from: address),
            (try? client.send(get("/", "Connection: close\r\n"))) != nil
        else { return 0 }
        return (try? client.response().status) ?? 0
    }

    /// Asks again as soon as it is answered, from `threads` threads, until told; how often each status came.
    private func flood(_ port: UInt16, from address: String, threads: Int, while isOn: @escaping @Sendable () -> Bool)
        -> Tally
    {
        let tally = Tally()
        for _ in 0..<threads {
            Thread.detachNewThread {
                while isOn() {
                    tally.add(Self.status(port, from: address))
                    usleep(20_000)
                }
            }
        }
        return tally
    }

    private final class Tally: Sendable {
        private let counts = Mutex<[Int: Int]>([:])
        func add(_ status: Int) { counts.withLock { $0[status, default: 0] += 1 } }
        subscript(status: Int) -> Int { counts.withLock { $0[status] ?? 0 } }
    }

    @Test("Who floods gets 429 and what the others leave; the others are answered")
    func flood() async throws {
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
                pool: ["admission: { limiter: off }"])
            let end = secondsNow() + 16
            let flood = flood(bookend.port, from: "127.0.0.99", threads: 30) { secondsNow() < end }
            try eventually("the flood is told that it is too much", within: 12) { flood[429] > 0 }
            sleep(1)
            var answered = 0
            for number in 0..<40 {
                if Self.status(bookend.port, from: "127.0.1.\(number + 1)") == 200 { answered += 1 }
                usleep(50_000)
            }
            #expect(answered >= 36, "\(answered) of 40; the flood got \(flood[200]), 429 for \(flood[429])")
            let pool = try bookend.status().pools[0]
            #expect(pool.shedReasons["client", default: 0] > 50, "\(pool)")
            #expect(flood[200] > 200, "what the others leave is the flood's")
            while secondsNow() < end + 0.5 { usleep(50_000) }
        }
    }
}
