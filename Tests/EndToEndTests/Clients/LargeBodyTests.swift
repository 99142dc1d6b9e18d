import Synchronization
import Testing

@Suite("Bodies of any size in bounded memory", .serialized)
struct LargeBodyTests {
    private static let size = 256 << 20
    /// Two buffers an exchange and what allocators keep.
    private static let allowance = 8 << 20

    /// What Bookend's memory was at most while `body` ran, over what it was before.
    private func growth(_ bookend: Bookend, _ body: () throws -> Void) throws -> Int {
        let worker = bookend.worker
        let before = ProcessFacts.residentBytes(of: worker)
        let most = Atomic(before)
        let watch = Watch { most.max(ProcessFacts.residentBytes(of: worker), ordering: .relaxed) }
        defer { watch.end() }
        try body()
        return most.load(ordering: .relaxed) - before
    }

    @Test("256 MiB down, with a length and in chunks, byte for byte, with memory flat", arguments: [false, true])
    func download(isChunked: Bool) async throws {
        try await Stage.run { stage in
            let origin = try stage.origin { connection in
                try connection.request()
                var pattern = Pattern()
                try connection.send(
                    "HTTP/1.1 200 OK\r\n"
                        + (isChunked ? "Transfer-Encoding: chunked\r\n\r\n" : "Content-Length: \(Self.size)\r\n\r\n"))
                while pattern.position < Self.size {
                    let bytes = pattern.next(min(65_521, Self.size - pattern.position))
                    if isChunked { try connection.send(String(bytes.count, radix: 16) + "\r\n") }
                    try connection.wire.send(bytes)
                    if isChunked { try connection.send("\r\n") }
                }
                if isChunked { try connection.send("0\r\n\r\n") }
                _ = try connection.wire.rest()
            }
            let bookend = try stage.bookend([origin])
            let growth = try growth(bookend) {
                let client = try bookend.connect()
                // To HTTP/1.0 both framings come as plain bytes.
                try client.send("GET / HTTP/1.0\r\n\r\n")
                #expect(try client.head().startLine.contains("200"))
                var expected = Pattern()
                while expected.position < Self.size {
                    let bytes = try client.some(atMost: 1 << 20)
                    guard expected.takes(bytes) else { throw Failure("wrong bytes before \(expected.position)") }
                }
                #expect(client.isClosed() && expected.position == Self.size)
            }
            #expect(growth < Self.allowance, "grew by \(growth) bytes")
        }
    }

    @Test("256 MiB up, with a length and in chunks, byte for byte, with memory flat", arguments: [false, true])
    func upload(isChunked: Bool) async throws {
        try await Stage.run { stage in
            let origin = try stage.origin { connection in
                try connection.head()
                var expected = Pattern()
                while expected.position < Self.size {
                    if isChunked {
                        let line = String(
                            decoding: try connection.wire.bytes(through: "\r\n").dropLast(2), as: UTF8.self)
                        var left = Int(line, radix: 16) ?? 0
                        while left > 0 {
                            let bytes = try connection.wire.some(atMost: left)
                            guard expected.takes(bytes) else { return try connection.answer("wrong") }
                            left -= bytes.count
                        }
                        _ = try connection.wire.bytes(2)
                    } else {
                        let bytes = try connection.wire.some(atMost: 1 << 20)
                        guard expected.takes(bytes) else { return try connection.answer("wrong") }
                    }
                }
                if isChunked { _ = try connection.wire.bytes(5) }
                try connection.answer("\(expected.position)")
            }
            let bookend = try stage.bookend([origin], listener: ["limits: { body: 1GiB }"])
            let growth = try growth(bookend) {
                let client = try bookend.connect()
                try client.send(
                    isChunked ? chunkedPost() : "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: \(Self.size)\r\n\r\n")
                var pattern = Pattern()
                while pattern.position < Self.size {
                    let bytes = pattern.next(min(65_521, Self.size - pattern.position))
                    if isChunked { try client.send(String(bytes.count, radix: 16) + "\r\n") }
                    try client.send(bytes)
                    if isChunked { try client.send("\r\n") }
                }
                if isChunked { try client.send("0\r\n\r\n") }
                #expect(try client.response().text == "\(Self.size)")
            }
            #expect(growth < Self.allowance, "grew by \(growth) bytes")
        }
    }

    @Test("A client that reads slowly slows the server down: of 200 MiB Bookend holds one buffer")
    func slowReader() async throws {
        try await Stage.run { stage in
            let size = 200 << 20
            let sent = Atomic(0)
            let origin = try stage.origin { connection in
                try connection.request()
                try connection.send("HTTP/1.1 200 OK\r\nContent-Length: \(size)\r\n\r\n")
                var pattern = Pattern()
                while pattern.position < size {
                    try connection.wire.send(pattern.next(min(65_521, size - pattern.position)))
                    sent.store(pattern.position, ordering: .relaxed)
                }
                _ = try connection.wire.rest()
            }
            let bookend = try stage.bookend([origin])
            let growth = try growth(bookend) {
                let client = try bookend.connect(receiveBuffer: 65_536)
                try client.send(get())
                _ = try client.head()
                var expected = Pattern()
                var received = 0
                for _ in 0..<50 {
                    let bytes = try client.bytes(20_000)
                    received += bytes.count
                    guard expected.takes(bytes) else { throw Failure("wrong bytes before \(received)") }
                    _ = client.isSilent(for: 0.001)
                }
                // The kernel's buffers of both connections lie between; the rest waits at the server.
                #expect(sent.load(ordering: .relaxed) - received < 32 << 20)
                while received < size {
                    let bytes = try client.some(atMost: 1 << 20)
                    received += bytes.count
                    guard expected.takes(bytes) else { throw Failure("wrong bytes before \(received)") }
                }
                #expect(received == size)
            }
            #expect(growth < Self.allowance, "grew by \(growth) bytes")
        }
    }
}
