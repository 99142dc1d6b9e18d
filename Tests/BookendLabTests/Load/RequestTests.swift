import Testing

@testable import BookendLab

@Suite("Requests of the load generator")
struct RequestTests {
    @Test(
        "a URL is taken apart",
        arguments: [
            ("http://127.0.0.1:8080/a?b=1#c", "127.0.0.1", 8080, "/a?b=1", "127.0.0.1:8080"),
            ("http://[::1]:9000", "::1", 9000, "/", "[::1]:9000"),
            ("HTTP://bookty.example?x", "bookty.example", 80, "/?x", "bookty.example"),
            ("http://[::1]/", "::1", 80, "/", "[::1]"),
        ] as [(String, String, UInt16, String, String)])
    func urls(text: String, host: String, port: UInt16, path: String, authority: String) throws {
        let url = try LoadURL(text)
        #expect((url.host, url.port, url.path, url.authority) == (host, port, path, authority))
    }

    @Test(
        "what is no http URL is refused with the reason",
        arguments: [
            ("127.0.0.1:80", .noScheme("127.0.0.1:80")), ("https://a/", .scheme("https")), ("http:///", .host("")),
            ("http://a:0/", .port(":0")), ("http://a:70000/", .port(":70000")), ("http://a:/", .port(":")),
            ("http://[::1/", .host("[::1")), ("http://u:p@a/", .user), ("http://a b/", .characters("http://a b/")),
            ("http://[::1]x/", .port("x")), ("http://a,b/", .host("a,b")), ("http://::1/", .host("::1")),
        ] as [(String, LoadURLProblem)])
    func wrongURLs(text: String, problem: LoadURLProblem) {
        #expect(throws: problem) { try LoadURL(text) }
    }

    private func shape(
        method: String = "GET", headers: [(name: String, value: String)] = [], body: [UInt8]? = nil, keeps: Bool = true
    ) -> RequestText.Shape {
        RequestText.Shape(method: method, authority: "a:1", headers: headers, body: body, keepsConnection: keeps)
    }

    @Test("a request is written whole, with the user's fields in place of the generator's")
    func text() throws {
        let plain = try RequestText(shape(), path: "/x")
        #expect(
            String(decoding: plain.bytes, as: UTF8.self)
                == "GET /x HTTP/1.1\r\nHost: a:1\r\nUser-Agent: bookend-load\r\nAccept: */*\r\n\r\n")
        let full = try RequestText(
            shape(method: "POST", headers: [("host", "b"), ("X-A", "1")], body: Array("hi".utf8), keeps: false),
            path: "/")
        #expect(
            String(decoding: full.bytes, as: UTF8.self)
                == "POST / HTTP/1.1\r\nUser-Agent: bookend-load\r\nAccept: */*\r\nhost: b\r\nX-A: 1\r\n"
                + "Connection: close\r\nContent-Length: 2\r\n\r\nhi")
    }

    @Test("what would not be one request is refused")
    func wrongRequests() {
        #expect(throws: RequestProblem.method("GE T")) { try RequestText(shape(method: "GE T"), path: "/") }
        #expect(throws: RequestProblem.path("x")) { try RequestText(shape(), path: "x") }
        #expect(throws: RequestProblem.path("/a b")) { try RequestText(shape(), path: "/a b") }
        #expect(throws: RequestProblem.header("a: b\r\nc")) {
            try RequestText(shape(headers: [("a", "b\r\nc")]), path: "/")
        }
        #expect(throws: RequestProblem.ownHeader("Content-length")) {
            try RequestText(shape(headers: [("Content-length", "3")]), path: "/")
        }
    }

    @Test("paths take turns by weight, spread evenly")
    func mix() throws {
        #expect(RequestMix.spread([1]) == [0])
        #expect(RequestMix.spread([1, 1]) == [0, 1] || RequestMix.spread([1, 1]) == [1, 0])
        let turns = RequestMix.spread([5, 1, 1])
        #expect((0..<3).map { path in turns.count { $0 == path } } == [5, 1, 1])
        let mix = try RequestMix(shape(), paths: ["/a", "3:/b:c"])
        let counts = (0..<400).reduce(into: [0, 0]) { $0[mix.index(of: $1)] += 1 }
        #expect(counts == [100, 300])
        #expect(throws: RequestProblem.weight("0:/a")) { try RequestMix(shape(), paths: ["0:/a"]) }
        #expect(throws: RequestProblem.weights) { try RequestMix(shape(), paths: ["9999:/a", "2:/b"]) }
    }
}
