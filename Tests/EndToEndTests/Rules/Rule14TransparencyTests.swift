import Testing

@Suite("Rule 14: byte for byte")
struct Rule14TransparencyTests {
    @Test(
        "The target goes through undecoded and unchanged",
        arguments: [
            "/a%2Fb/../c//d", "/%zz?q=%00&r=a+b", "/?", "/.;/x", "/a|b\"c<d>", "/\u{E9}".isEmpty ? "" : "/x?y?z",
            "//host/path",
        ])
    func target(_ target: String) async throws {
        try await Stage.run { stage in
            let origin = try stage.origin()
            let bookend = try stage.bookend([origin])
            #expect(try bookend.ask("GET", target).status == 200)
            #expect(origin.requests[0].target == target)
        }
    }

    @Test("curl --path-as-is reaches the server as it is")
    func pathAsIs() async throws {
        try await Stage.run { stage in
            let origin = try stage.origin()
            let bookend = try stage.bookend([origin])
            #expect(try stage.curl(["--path-as-is", bookend.url + "/a/../b/./c"]).text == "a")
            #expect(origin.requests[0].target == "/a/../b/./c")
        }
    }

    @Test("A request's fields keep order, case, repetition and every byte of their values")
    func requestFields() async throws {
        try await Stage.run { stage in
            let origin = try stage.origin()
            let bookend = try stage.bookend([origin])
            let lines =
                "X-b: 1\r\nx-A: 2\r\nCOOKIE: a=1\r\nX-b: 3\r\nCookie: b=2\r\nX-Empty:\r\nX-U: \u{FC}\u{2713}\r\n"
            _ = try bookend.ask("GET", "/", lines)
            #expect(origin.requests[0].head.text.contains("\r\nHost: bookty.example\r\n" + lines))
        }
    }

    @Test("A response's status line and fields keep order, case and repetition; Set-Cookie is not merged")
    func responseFields() async throws {
        try await Stage.run { stage in
            let lines = "Set-Cookie: a=1; Path=/\r\nx-A: 2\r\nSet-Cookie: b=2, c\r\nX-a: 1\r\nSERVER: Bookty\r\n"
            let origin = try stage.origin(
                answering: "HTTP/1.1 299 Very Fine\r\n\(lines)Content-Length: 0\r\n\r\n")
            let bookend = try stage.bookend([origin])
            let response = try bookend.ask()
            #expect(response.head.text.hasPrefix("HTTP/1.1 299 Very Fine\r\n" + lines))
            #expect(response.head.all("set-cookie") == ["a=1; Path=/", "b=2, c"])
        }
    }

    @Test("Bytes of a body pass unchanged in every framing")
    func bodies() async throws {
        try await Stage.run { stage in
            let all = (0...255).map { UInt8($0) }
            let origin = try stage.origin { connection in
                while true {
                    let request = try connection.request()
                    try connection.send("HTTP/1.1 200 OK\r\nContent-Length: \(request.body.count)\r\n\r\n")
                    try connection.wire.send(request.body)
                }
            }
            let bookend = try stage.bookend([origin])
            let client = try bookend.connect()
            try client.send("PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: 256\r\n\r\n")
            try client.send(all)
            #expect(try client.response().body == all)
            try client.send(chunkedPost())
            for byte in all { try client.send([UInt8(ascii: "1"), 13, 10, byte, 13, 10]) }
            try client.send("0\r\n\r\n")
            #expect(try client.response().body == all)
        }
    }
}
