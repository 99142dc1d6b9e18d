import Testing

@Suite("What servers say of their load in responses (ORCA)")
struct LoadReportTests {
    @Test(
        "It bounds the server, is shown, and goes no further",
        arguments: [
            "endpoint-load-metrics: TEXT mem_utilization=0.95, cpu_utilization=0.5\r\n",
            "Endpoint-Load-Metrics: JSON {\"mem_utilization\": 0.95, \"cpu_utilization\": 0.5}\r\n",
        ])
    func reported(field: String) async throws {
        try await Stage.run { stage in
            let origin = try stage.origin(
                "web-01", answering: "HTTP/1.1 200 OK\r\n\(field)X-Kept: 1\r\nContent-Length: 2\r\n\r\nok")
            let bookend = try stage.bookend([origin], workers: 2)
            try eventually("the server is bounded") {
                let answer = try bookend.ask()
                #expect(answer.status == 200 && answer["endpoint-load-metrics"] == nil && answer["x-kept"] == "1")
                let server = try bookend.status().servers[0]
                return server.cap == 1 && server.capReason == "memory"
            }
            let server = try bookend.status().servers[0]
            #expect(abs((server.memory?.utilization ?? 0) - 0.95) < 0.001 && server.memory?.usedBytes == nil)
            #expect(server.load?.cpuUtilization == 0.5 && server.load?.applicationUtilization == nil)
            let screen = try stage.verb(["status", "--admin", bookend.adminSocket]).text
            #expect(screen.contains("95.0%") && screen.contains("web-01: says cpu 50.0%"), "\(screen)")
            try eventually("who says nothing any more is not bounded") {
                try bookend.status().servers[0].memory == nil
            }
        }
    }

    @Test("What cannot be read is counted and dropped, and the response is as good as any")
    func unreadable() async throws {
        try await Stage.run { stage in
            let fields = [
                "endpoint-load-metrics: TEXT mem_utilization=much", "endpoint-load-metrics: BIN CZqZmZmZmbk/",
                "endpoint-load-metrics-bin: CZqZmZmZmbk/",
                "endpoint-load-metrics: \(String(repeating: "a=1,", count: 2_000))",
            ]
            let origin = try stage.origin("web-01") { connection in
                for field in fields {
                    try connection.request()
                    try connection.answer(fields: field + "\r\n")
                }
            }
            let bookend = try stage.bookend([origin])
            let client = try bookend.connect()
            for _ in fields {
                try client.send(get())
                let answer = try client.response()
                #expect(answer.status == 200 && !answer.head.text.lowercased().contains("endpoint-load"))
            }
            try eventually("they are counted") { try bookend.status().servers[0].unreadableReports == fields.count }
            #expect(try bookend.status().servers[0].memory == nil)
        }
    }

    @Test("In trailers and interim responses it goes no further either")
    func trailers() async throws {
        try await Stage.run { stage in
            let origin = try stage.origin(
                "web-01",
                answering: "HTTP/1.1 103 Early Hints\r\nEndpoint-Load-Metrics: TEXT mem_utilization=0.5\r\n\r\n"
                    + "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n"
                    + "Endpoint-Load-Metrics: TEXT mem_utilization=0.5\r\nX-Kept: 1\r\n\r\n")
            let bookend = try stage.bookend([origin])
            let client = try bookend.connect()
            try client.send(get())
            let hints = try client.response()
            let answer = try client.response()
            #expect(hints.status == 103 && hints["endpoint-load-metrics"] == nil)
            #expect(answer.status == 200 && answer.trailers.lowercased() == "x-kept: 1\r\n")
        }
    }
}
