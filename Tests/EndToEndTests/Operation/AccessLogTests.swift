import Foundation
import Testing

@Suite("Access log")
struct AccessLogTests {
    private struct Line: Decodable {
        let time: String
        let client: String
        let method: String?
        let host: String?
        let target: String?
        let status: Int
        let bytesIn: Int
        let bytesOut: Int
        let durationMs: Double
        let firstByteMs: Double?
        let pool: String?
        let server: String?
        let tries: Int
        let failure: String?
        let requestId: String
        let referer: String?
        let userAgent: String?
    }

    private func lines(_ path: String, count: Int) throws -> [Line] {
        try eventually("\(count) lines are in the log") { readFile(path).count { $0 == UInt8(ascii: "\n") } >= count }
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        return try readFile(path).split(separator: UInt8(ascii: "\n"))
            .map { try decoder.decode(Line.self, from: Data($0)) }
    }

    @Test("Each request is one JSON line that says what happened")
    func json() async throws {
        try await Stage.run { stage in
            let log = stage.path("access.log")
            let bookend = try stage.bookend([try stage.origin("web-01")], top: ["access-log: { path: \(log) }"])
            let client = try bookend.connect(from: "127.0.0.9")
            try client.send(
                post("/shelf?q=1", "hello", "User-Agent: test/1\r\nReferer: http://a/\r\nX-Request-Id: r-1\r\n"))
            let response = try client.response()
            let line = try lines(log, count: 1)[0]
            #expect(line.method == "POST" && line.target == "/shelf?q=1" && line.host == "bookty.example")
            #expect(line.client == "127.0.0.9" && line.status == 200 && line.requestId == "r-1")
            #expect(line.pool == "main" && line.server == "web-01" && line.tries == 1 && line.failure == nil)
            #expect(line.userAgent == "test/1" && line.referer == "http://a/")
            #expect(line.bytesOut == response.head.raw.count + response.body.count)
            let request = post(
                "/shelf?q=1", "hello", "User-Agent: test/1\r\nReferer: http://a/\r\nX-Request-Id: r-1\r\n")
            #expect(line.bytesIn == request.utf8.count)
            #expect(line.durationMs >= line.firstByteMs ?? .infinity && line.durationMs < 5_000)
            #expect(line.time.hasSuffix("Z") && line.time.count == 24)
        }
    }

    @Test("Requests that failed say why")
    func failures() async throws {
        try await Stage.run { stage in
            let log = stage.path("access.log")
            let dead = try Socket.deadPort(stage)
            let bookend = try stage.bookend(
                addresses: ["a: 127.0.0.1:\(dead)"], top: ["access-log: { path: \(log) }"],
                listener: ["timeouts: { head: 100ms }"])
            _ = try bookend.ask()
            let bad = try bookend.connect()
            try bad.send("BAD\r\n\r\n")
            #expect(try bad.response().status == 400)
            let slow = try bookend.connect()
            try slow.send("GET /")
            #expect(try slow.response().status == 408)
            let lines = try lines(log, count: 3)
            #expect(lines.map(\.status) == [502, 400, 408])
            #expect(lines.map(\.failure) == ["connect-failed", "refused", "client-timed-out"])
        }
    }

    @Test("No client can forge a line or break out of a string", arguments: ["json", "combined"])
    func injection(format: String) async throws {
        try await Stage.run { stage in
            let log = stage.path("access.log")
            let bookend = try stage.bookend(
                [try stage.origin()], top: ["access-log: { path: \(log), format: \(format) }"])
            let evil = [
                "/\"\\}{\u{7B}", "/\u{E9}\u{2028}\u{202E}", "/%0a%0d%22", "/\\u0022\\n", "/'\"--",
            ]
            for (number, target) in evil.enumerated() {
                let client = try bookend.connect()
                try client.send(
                    "GET \(target) HTTP/1.1\r\nHost: bookty.example\r\nUser-Agent: \"\\ \t\u{1F600}\u{85}\u{2029}\"}\r\n"
                        + "Referer: \" 200 5 \"-\r\nX-Request-Id: \(number)\r\n\r\n")
                _ = try client.response()
            }
            try eventually("all lines are there") {
                readFile(log).count { $0 == UInt8(ascii: "\n") } >= evil.count
            }
            let bytes = readFile(log)
            #expect(bytes.allSatisfy { $0 == UInt8(ascii: "\n") || (0x20..<0x7F).contains($0) })
            #expect(bytes.count { $0 == UInt8(ascii: "\n") } == evil.count)
            if format == "json" {
                #expect(try lines(log, count: evil.count).allSatisfy { $0.status == 200 || $0.status == 400 })
            } else {
                for line in readText(log).split(separator: "\n") {
                    #expect(line.count { $0 == "\"" } == 6, "\(line)")
                }
            }
        }
    }

    @Test("The combined format is what log analysers expect")
    func combined() async throws {
        try await Stage.run { stage in
            let log = stage.path("access.log")
            let bookend = try stage.bookend(
                [try stage.origin()], top: ["access-log: { path: \(log), format: combined }"])
            #expect(try bookend.ask("GET", "/a?b", "User-Agent: test/1\r\nReferer: http://a/\r\n").status == 200)
            try eventually("the line is there") { readText(log).hasSuffix("\n") }
            let pattern =
                #/127\.0\.0\.1 - - \[\d\d/[A-Z][a-z]{2}/\d{4}:\d\d:\d\d:\d\d \+0000\] "GET /a\?b HTTP/1\.1" 200 \d+ "http://a/" "test/1"\n/#
            #expect(readText(log).wholeMatch(of: pattern) != nil, "\(readText(log))")
        }
    }

    @Test("A log on the standard output goes there")
    func standardOutput() async throws {
        try await Stage.run { stage in
            let bookend = try stage.bookend([try stage.origin()], top: ["access-log: { path: \"-\" }"])
            _ = try bookend.ask("GET", "/seen")
            try eventually("the line is there") { bookend.program.outputText.contains("\"target\":\"/seen\"") }
        }
    }

    @Test("What is still to be written when Bookend ends is written")
    func lastLines() async throws {
        try await Stage.run { stage in
            let log = stage.path("access.log")
            let bookend = try stage.bookend([try stage.origin()], top: ["access-log: { path: \(log) }"])
            let client = try bookend.connect()
            for number in 0..<500 {
                try client.send(get("/\(number)"))
                _ = try client.response()
            }
            bookend.program.send(15)
            #expect(try bookend.program.exitCode(within: 10) == 0)
            #expect(try lines(log, count: 500).map(\.target) == (0..<500).map { "/\($0)" })
        }
    }
}
