import Testing

@Suite("curl")
struct CurlTests {
    /// Answers with what it was asked.
    private func mirror(_ stage: Stage) throws -> Origin {
        try stage.origin { connection in
            while true {
                let request = try connection.request()
                guard request.method != "HEAD" else {
                    try connection.send("HTTP/1.1 200 OK\r\nContent-Length: 1234\r\n\r\n")
                    continue
                }
                let body = String(decoding: request.body, as: UTF8.self)
                try connection.answer("\(request.method) \(request.target) \(body)")
            }
        }
    }

    @Test(
        "Every verb arrives with its body and is answered",
        arguments: ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"])
    func verbs(_ verb: String) async throws {
        try await Stage.run { stage in
            let bookend = try stage.bookend([try mirror(stage)])
            let body = verb == "GET" ? [] : ["--data-binary", "a book"]
            let curl = try stage.curl(["-X", verb, bookend.url + "/shelf?x=1"] + body)
            #expect(curl.code == 0 && curl.text == "\(verb) /shelf?x=1 \(body.last ?? "")")
        }
    }

    @Test("HEAD shows the length and does not wait for a body")
    func head() async throws {
        try await Stage.run { stage in
            let bookend = try stage.bookend([try mirror(stage)])
            let curl = try stage.curl(["-I", bookend.url])
            #expect(curl.code == 0 && curl.text.contains("Content-Length: 1234"))
        }
    }

    @Test("HTTP/1.0 works")
    func oldVersion() async throws {
        try await Stage.run { stage in
            let bookend = try stage.bookend([try mirror(stage)])
            let curl = try stage.curl(["--http1.0", "-d", "x", bookend.url + "/old"])
            #expect(curl.code == 0 && curl.text == "POST /old x")
        }
    }

    @Test("An upload of unknown length goes in chunks from curl's input to the server")
    func chunkedUpload() async throws {
        try await Stage.run { stage in
            let origin = try stage.origin()
            let bookend = try stage.bookend([origin])
            var pattern = Pattern()
            let bytes = (0..<40).flatMap { _ in pattern.next(25_000) }
            try writeFile(stage.path("upload"), bytes)
            let curl = try stage.curl(
                ["-T", "-", "-H", "Expect:", bookend.url + "/up"], input: stage.path("upload"))
            #expect(curl.text == "a" && origin.requests[0].head.isChunked)
            #expect(origin.requests[0].body == bytes)
        }
    }

    @Test("Many requests go over one connection, on both sides")
    func reuse() async throws {
        try await Stage.run { stage in
            let origin = try stage.origin()
            let bookend = try stage.bookend([origin])
            let urls = (0..<20).map { bookend.url + "/\($0)" }
            let curl = try stage.curl(
                ["-w", "%{num_connects}\n", "-o", "/dev/null"] + urls.flatMap { [$0, "-o", "/dev/null"] })
            let connects = curl.text.split(separator: "\n").compactMap { Int($0) }
            #expect(connects.count == 20 && connects.reduce(0, +) == 1)
            #expect(origin.connectionCount == 1)
        }
    }

    @Test("curl offering HTTP/2 by upgrade is served with HTTP/1.1")
    func offersHTTP2() async throws {
        try await Stage.run { stage in
            let bookend = try stage.bookend([try mirror(stage)])
            let curl = try stage.curl(["--http2", "-w", " %{http_version}", bookend.url + "/"])
            #expect(curl.code == 0 && curl.text == "GET /  1.1")
        }
    }
}
