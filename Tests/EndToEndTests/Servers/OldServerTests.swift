import Testing

@Suite("Servers that speak HTTP/1.0")
struct OldServerTests {
    @Test("Their clients hear HTTP/1.1 and may go on; their connections are not used again unless they say so")
    func version() async throws {
        try await Stage.run { stage in
            let origin = try stage.origin { connection in
                while true {
                    let request = try connection.request()
                    let keeps = request.target == "/kept" ? "Connection: keep-alive\r\n" : ""
                    try connection.send("HTTP/1.0 200 OK\r\n\(keeps)Content-Length: 2\r\n\r\nok")
                }
            }
            let bookend = try stage.bookend([origin])
            let client = try bookend.connect()
            for target in ["/one", "/two", "/kept", "/kept", "/kept"] {
                try client.send(get(target))
                let response = try client.response()
                #expect(response.head.startLine == "HTTP/1.1 200 OK" && response.text == "ok")
                #expect(response["connection"] == nil)
            }
            #expect(origin.connectionCount == 3)
        }
    }

    @Test("Python's own server serves through Bookend")
    func python() async throws {
        try await Stage.run { stage in
            let script = """
                import http.server
                class Handler(http.server.BaseHTTPRequestHandler):
                    def do_GET(self):
                        self.send_response(200)
                        self.end_headers()
                        self.wfile.write(b"old " + self.path.encode())
                server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
                print(server.server_port, flush=True)
                server.serve_forever()
                """
            let server = try stage.python(script, named: "old")
            try eventually("it listens") { server.outputText.hasSuffix("\n") }
            let bookend = try stage.bookend(addresses: ["a: 127.0.0.1:\(server.outputText.dropLast())"])
            let curl = try stage.curl((0..<5).map { bookend.url + "/\($0)" })
            #expect(curl.text == "old /0old /1old /2old /3old /4")
        }
    }
}
