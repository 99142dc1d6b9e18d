import Testing

@Suite("Rule 18: abuse")
struct Rule18AbuseTests {
    @Test("A client that breaks the protocol again and again is closed at once; others are served")
    func budget() async throws {
        try await Stage.run { stage in
            let bookend = try stage.bookend([try stage.origin()])
            var refused = 0
            for _ in 0..<200 {
                let client = try bookend.connect(from: "127.9.9.9")
                try? client.send("BAD\r\n\r\n")
                if (try? client.response().status) == 400 { refused += 1 }
            }
            #expect((100..<200).contains(refused))
            #expect(try bookend.ask().status == 200)
        }
    }

    @Test("10,000 bad requests from many clients leave memory flat and Bookend serving")
    func flood() async throws {
        try await Stage.run { stage in
            let bookend = try stage.bookend([try stage.origin()])
            let bad = [
                "\u{0}\u{1}\u{2}\r\n\r\n", "GET / HTTP/9.9\r\n\r\n", get("/", "X : y\r\n"), "\u{16}\u{3}\u{1}",
                chunkedPost() + "zz\r\n", "GET /" + String(repeating: "a", count: 20_000) + " HTTP/1.1\r\n",
                get("/", ": \r\n"),
                "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n",
            ]
            func flood(_ range: Range<Int>) throws {
                for number in range {
                    let client = try bookend.connect(from: "127.1.\(number / 200 % 250).\(1 + number / 50_000)")
                    try? client.send(bad[number % bad.count])
                    #expect(try !client.rest().bytes.starts(with: Array("HTTP/1.1 2".utf8)))
                }
            }
            try flood(0..<2_000)
            let before = bookend.residentBytes
            try flood(2_000..<10_000)
            let growth = bookend.residentBytes - before
            #expect(growth < 4 << 20, "grew by \(growth) bytes")
            #expect(try bookend.ask().status == 200)
            try bookend.settles()
        }
    }
}
