import Synchronization
import Testing

/// async-http-client #16, h2o #276.
@Suite("Rule 9: messages without a body")
struct Rule09BodilessTests {
    @Test("HEAD has no body whatever its length says, and the length stays")
    func head() async throws {
        try await Stage.run { stage in
            let origin = try stage.origin(answering: "HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
            let bookend = try stage.bookend([origin])
            let client = try bookend.connect()
            for _ in 0..<3 {
                try client.send("HEAD / HTTP/1.1\r\nHost: a\r\n\r\n")
                let response = try client.response(to: "HEAD")
                #expect(response.status == 200 && response["content-length"] == "1000")
            }
            #expect(client.isSilent(for: 0.05) && origin.connectionCount == 1)
        }
    }

    @Test("HEAD of a chunked response has no body either")
    func chunkedHead() async throws {
        try await Stage.run { stage in
            let origin = try stage.origin(answering: "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
            let bookend = try stage.bookend([origin])
            let client = try bookend.connect()
            for _ in 0..<2 {
                try client.send("HEAD / HTTP/1.1\r\nHost: a\r\n\r\n")
                #expect(try client.response(to: "HEAD").status == 200)
            }
            #expect(client.isSilent(for: 0.05))
        }
    }

    @Test(
        "304 keeps its length and has no body; 204 has neither",
        arguments: [(304, "7"), (204, nil)] as [(Int, String?)])
    func noContent(_ status: Int, _ length: String?) async throws {
        try await Stage.run { stage in
            let origin = try stage.origin(answering: "HTTP/1.1 \(status) X\r\nContent-Length: 7\r\nETag: \"a\"\r\n\r\n")
            let bookend = try stage.bookend([origin])
            let client = try bookend.connect()
            for _ in 0..<3 {
                try client.send(get())
                let response = try client.response()
                #expect(response.status == status && response["content-length"] == length)
                #expect(response["transfer-encoding"] == nil && response["etag"] == "\"a\"")
            }
            #expect(client.isSilent(for: 0.05))
        }
    }

    @Test(
        "Surplus bytes after a response reach no client, and their connection is not used again",
        arguments: [
            "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nokHTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil",
            "HTTP/1.1 204 No Content\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil",
            "HTTP/1.1 304 Not Modified\r\nContent-Length: 4\r\n\r\nevil",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\nHTTP/1.1 200 evil\r\n\r\n",
        ] as [Bytes])
    func surplus(_ response: Bytes) async throws {
        try await Stage.run { stage in
            let origin = try stage.origin(answering: response.text)
            let bookend = try stage.bookend([origin])
            let client = try bookend.connect()
            for count in 1...5 {
                try client.send(get("/\(count)"))
                #expect(try !client.response().text.contains("evil"))
                #expect(origin.connectionCount == count)
            }
            if !client.isSilent(for: 0.05) { #expect(String(decoding: try client.some(), as: UTF8.self) == "") }
        }
    }

    @Test("Bytes that come on an idle connection are never the next response")
    func later() async throws {
        try await Stage.run { stage in
            let sent = Atomic(0)
            let origin = try stage.origin { connection in
                while true {
                    try connection.request()
                    try connection.answer("ok")
                    try connection.send("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil")
                    sent.add(1, ordering: .sequentiallyConsistent)
                }
            }
            let bookend = try stage.bookend([origin])
            for count in 1...20 {
                #expect(try bookend.ask().text == "ok")
                try eventually("the bytes are there") { sent.load(ordering: .sequentiallyConsistent) == count }
            }
            #expect(origin.connectionCount == 20)
        }
    }
}
