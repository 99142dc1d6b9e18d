import Testing

@Suite("A real nginx as server")
struct NginxTests {
    private func file(_ stage: Stage, bytes count: Int) throws -> [UInt8] {
        var pattern = Pattern()
        var bytes: [UInt8] = []
        while bytes.count < count { bytes += pattern.next(min(60_000, count - bytes.count)) }
        try writeFile(stage.path("www/book"), bytes)
        return bytes
    }

    @Test("Files, ranges, conditions and misses pass as nginx answers them")
    func files() async throws {
        try await Stage.run { stage in
            let nginx = try stage.nginx()
            let bookend = try stage.bookend(addresses: ["a: \(nginx.address)"])
            let bytes = try file(stage, bytes: 3_000_000)
            let whole = try stage.curl([bookend.url + "/book"])
            #expect(whole.output == bytes)
            #expect(try stage.curl(["-r", "1000-1999", bookend.url + "/book"]).output == Array(bytes[1_000..<2_000]))
            let response = try bookend.ask("GET", "/book")
            let tag = response["etag"] ?? "none"
            let unchanged = try bookend.ask("GET", "/book", "If-None-Match: \(tag)\r\n")
            #expect(unchanged.status == 304 && unchanged["etag"] == tag)
            #expect(try bookend.ask("GET", "/nowhere").status == 404)
            #expect(try bookend.ask("HEAD", "/book")["content-length"] == "3000000")
        }
    }

    @Test("PUT and DELETE work, with a length and in chunks")
    func changes() async throws {
        try await Stage.run { stage in
            let nginx = try stage.nginx()
            let bookend = try stage.bookend(addresses: ["a: \(nginx.address)"])
            let bytes = try file(stage, bytes: 1_000_000)
            let from = stage.path("www/book")
            let code = ["-o", "/dev/null", "-w", "%{http_code}"]
            #expect(try stage.curl(code + ["-T", from, bookend.url + "/dav/one"]).text == "201")
            #expect(try stage.curl(code + ["-T", "-", bookend.url + "/dav/two"], input: from).text == "201")
            #expect(readFile(stage.path("www/one")) == bytes && readFile(stage.path("www/two")) == bytes)
            #expect(try stage.curl(code + ["-X", "DELETE", bookend.url + "/dav/one"]).text == "204")
            #expect(!fileExists(stage.path("www/one")))
        }
    }

    @Test("nginx sees the client, and keeps its connection for the next request")
    func reuse() async throws {
        try await Stage.run { stage in
            let nginx = try stage.nginx()
            let bookend = try stage.bookend(addresses: ["a: \(nginx.address)"])
            for _ in 0..<3 { #expect(try bookend.ask("GET", "/echo").text == "GET /echo 127.0.0.1") }
            let client = try bookend.connect()
            try client.send((0..<20).map { _ in get("/echo") }.joined())
            for _ in 0..<20 { #expect(try client.response().status == 200) }
        }
    }
}
