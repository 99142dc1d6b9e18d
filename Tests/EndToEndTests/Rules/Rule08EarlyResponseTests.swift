import Testing

/// Envoy #2929, Pingora CVE-2025-4366.
@Suite("Rule 8: a final response while the client still uploads")
struct Rule08EarlyResponseTests {
    @Test("It reaches the client at once, and neither connection is used again")
    func early() async throws {
        try await Stage.run { stage in
            let origin = try stage.origin { connection in
                try connection.head()
                try connection.answer("too much", status: "413 Content Too Large")
                _ = try connection.wire.rest()
            }
            let bookend = try stage.bookend([origin])
            let client = try bookend.connect()
            try client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10000000\r\n\r\nonly the beginning")
            let response = try client.response()
            #expect(response.status == 413 && response.text == "too much" && response["connection"] == "close")
            #expect(client.isClosed())
            try eventually("the server's connection is closed") { origin.openConnections == 0 }
            #expect(try bookend.ask().status == 413)
            #expect(origin.connectionCount == 2)
        }
    }

    @Test("A client that writes on without reading finds the answer behind its upload, not a reset")
    func writesOn() async throws {
        try await Stage.run { stage in
            let origin = try stage.origin { connection in
                try connection.head()
                try connection.answer("no", status: "403 Forbidden")
            }
            let bookend = try stage.bookend([origin])
            let client = try bookend.connect()
            try client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 500000\r\n\r\n")
            var pattern = Pattern()
            for _ in 0..<50 { try client.send(pattern.next(10_000)) }
            let response = try client.response()
            #expect(response.status == 403 && response.text == "no")
        }
    }

    @Test("curl gets the answer to an upload that the server did not want")
    func curl() async throws {
        try await Stage.run { stage in
            let origin = try stage.origin { connection in
                try connection.head()
                try connection.answer("no", status: "403 Forbidden")
                _ = try connection.wire.rest()
            }
            let bookend = try stage.bookend([origin])
            try writeFile(stage.path("upload"), [UInt8](repeating: 7, count: 8 << 20))
            let curl = try stage.curl([
                "-o", stage.path("body"), "-w", "%{http_code}", "-T", stage.path("upload"), bookend.url,
            ])
            #expect(curl.text == "403" && readText(stage.path("body")) == "no")
        }
    }

    @Test("A success before the upload's end lets the upload go on to its end")
    func earlySuccess() async throws {
        try await Stage.run { stage in
            let origin = try stage.origin { connection in
                let head = try connection.head()
                try connection.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nbegun\r\n")
                let body = try connection.wire.bytes(head.length ?? 0)
                let count = "\(body.count)"
                try connection.send("\(count.utf8.count)\r\n\(count)\r\n0\r\n\r\n")
            }
            let bookend = try stage.bookend([origin])
            let client = try bookend.connect()
            try client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 300000\r\n\r\n")
            #expect(try client.head().isChunked)
            #expect(try client.bytes(through: "begun\r\n").count == 10)
            for _ in 0..<30 { try client.send([UInt8](repeating: 1, count: 10_000)) }
            #expect(String(decoding: try client.rest().bytes, as: UTF8.self).contains("300000"))
        }
    }
}
