import BookendLoop
import Testing

@testable import BookendProxy

@Suite("A worker's share of the memory")
struct BufferShareTests {
    private let share = BufferShare(bytes: 8_000)

    @Test("The less is left, the less is read at once")
    func reads() {
        #expect(share.readSize(holding: 3_999) == .large)
        #expect(share.readSize(holding: 4_000) == .standard)
        #expect(share.readSize(holding: 5_000) == .small)
    }

    @Test("With three quarters held nothing more is begun")
    func refuses() {
        #expect(!share.isShort(holding: 5_999) && share.isShort(holding: 6_000))
    }

    @Test("A request beyond is refused with the reason, and the next one is served when memory is free again")
    func recovers() throws {
        // Each head holds a kibibyte while nobody answers it.
        let bench = try Bench(pool: ["admission: { limiter: off }"], buffers: 4_000)
        let get = "GET / HTTP/1.1\r\nHost: a\r\n\r\n"
        let slow = try (0..<2).map { _ in
            let client = try bench.connect()
            client.send(get)
            return (client, try bench.accept())
        }
        let late = try bench.connect()
        late.send(get)
        let answer = try bench.receive(late)
        #expect(answer.hasPrefix("HTTP/1.1 503 ") && answer.contains("Retry-After: ") && answer.contains("memory"))
        for (client, _) in slow { client.reset() }
        try bench.settle()
        let next = try bench.connect()
        next.send(get)
        let server = try bench.accept()
        #expect(try bench.receive(server).hasPrefix("GET / "))
    }
}
