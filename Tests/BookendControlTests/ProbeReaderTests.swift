import BookendConfig
import BookendCore
import Testing

@testable import BookendControl

@Suite("The answer to a probe")
struct ProbeReaderTests {
    private func health(_ rest: String = "") throws -> Pool.Health {
        let text = "listen: 127.0.0.1:0\nhealth: { path: /healthz\(rest) }\nservers: { a: 127.0.0.1:1 }\n"
        let read = Configuration.parse(text: text, file: "test", environment: [:], isRoot: false)
        return try #require(read.configuration?.pools[0].health)
    }

    /// Given in pieces of `size` bytes, and then the end.
    private func result(_ answer: String, _ health: Pool.Health, size: Int) -> ProbeResult {
        var reader = ProbeReader(health)
        var left: [UInt8] = []
        var rest = Array(answer.utf8)[...]
        while !rest.isEmpty {
            left += rest.prefix(size)
            rest = rest.dropFirst(size)
            while !left.isEmpty {
                let (taken, result) = reader.take(left.span)
                left.removeFirst(taken)
                if let result { return result }
                if taken == 0 { break }
            }
        }
        return reader.end()
    }

    private func expect(
        _ expected: ProbeResult, _ answer: String, _ rest: String = "", _ comment: Comment? = nil
    ) throws {
        let health = try health(rest)
        for size in [1, 7, 10_000] { #expect(result(answer, health, size: size) == expected, comment) }
    }

    @Test("A status in the range is good, any other is named")
    func status() throws {
        try expect(.good, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
        try expect(.good, "HTTP/1.1 302 Found\r\nContent-Length: 0\r\n\r\n")
        try expect(.wrong(.status(503)), "HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n")
        try expect(.wrong(.status(204)), "HTTP/1.1 204 Nothing\r\n\r\n", ", expect: 200")
    }

    @Test("Interim responses are not the answer")
    func interim() throws {
        try expect(.good, "HTTP/1.1 103 Early Hints\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
    }

    @Test("An expected field is found whatever its case, with its value if one is given")
    func field() throws {
        let answer = "HTTP/1.1 200 OK\r\nX-State: ready\r\nContent-Length: 0\r\n\r\n"
        try expect(.good, answer, ", expect-header: x-state")
        try expect(.good, answer, ", expect-header: \"X-State: ready\"")
        try expect(.wrong(.field), answer, ", expect-header: \"X-State: draining\"")
        try expect(.wrong(.field), answer, ", expect-header: X-Other")
    }

    @Test("An expected text is found in a body of any framing, also across chunks")
    func body() throws {
        let rest = ", expect-body: all is well"
        try expect(.good, "HTTP/1.1 200 OK\r\nContent-Length: 15\r\n\r\nyes all is well", rest)
        try expect(.good, "HTTP/1.1 200 OK\r\n\r\nall is well", rest)
        try expect(
            .good, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nall \r\n7\r\nis well\r\n0\r\n\r\n", rest)
        try expect(.wrong(.body), "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nwell", rest)
        try expect(.wrong(.body), "HTTP/1.1 204 Nothing\r\n\r\n", rest)
        try expect(.wrong(.malformed), "HTTP/1.1 200 OK\r\nContent-Length: 40\r\n\r\nwell", rest)
    }

    @Test("What is no HTTP, or ends too soon, is malformed")
    func malformed() throws {
        try expect(.wrong(.malformed), "220 mail.example ESMTP\r\n")
        try expect(.wrong(.malformed), "HTTP/1.1 200 OK\r\nContent-")
        try expect(.wrong(.malformed), "")
    }
}
