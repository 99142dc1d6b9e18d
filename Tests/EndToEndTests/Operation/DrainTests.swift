import Glibc
import Testing

@Suite("SIGTERM and SIGINT drain")
struct DrainTests {
    @Test(
        "What is in flight finishes, idle connections close, new ones are refused, and it ends with 0 at once after",
        arguments: [SIGTERM, SIGINT])
    func drain(signal: Int32) async throws {
        try await Stage.run { stage in
            let gate = Gate()
            stage.atEnd { gate.open() }
            let origin = try stage.origin("done", behind: gate)
            let bookend = try stage.bookend([origin], workers: 2, pool: ["admission: { limiter: off }"])
            let busy = try (0..<6).map { _ in
                let client = try bookend.connect()
                try client.send(get())
                return client
            }
            let idle = try bookend.connect()
            try eventually("all are in flight") { origin.requests.count == 6 }
            bookend.program.send(signal)
            #expect(idle.isClosed())
            try eventually("new connections are refused") {
                guard let late = try? bookend.connect() else { return true }
                late.close()
                return false
            }
            #expect(bookend.program.isRunning)
            let began = secondsNow()
            gate.open()
            for client in busy {
                let response = try client.response()
                #expect(response.text == "done" && response["connection"] == "close")
                #expect(client.isClosed())
            }
            #expect(try bookend.program.exitCode(within: 10) == 0)
            #expect(secondsNow() - began < 5, "nothing was left to wait for")
            #expect(!fileExists("/proc/\(bookend.worker)") || bookend.worker == 0)
        }
    }

    @Test("A second signal ends at once whatever is in flight")
    func second() async throws {
        try await Stage.run { stage in
            let origin = try stage.silentOrigin()
            let bookend = try stage.bookend([origin])
            let client = try bookend.connect()
            try client.send(get())
            try eventually("it is in flight") { origin.requests.count == 1 }
            bookend.program.send(SIGTERM)
            try eventually("it drains") {
                guard let late = try? bookend.connect() else { return true }
                late.close()
                return false
            }
            #expect(bookend.program.isRunning)
            bookend.program.send(SIGTERM)
            _ = try bookend.program.exitCode(within: 5)
            #expect(client.isClosed())
        }
    }

    @Test("With nothing in flight it ends at once")
    func nothing() async throws {
        try await Stage.run { stage in
            let bookend = try stage.bookend([try stage.origin()])
            _ = try bookend.ask()
            let keptAlive = try bookend.connect()
            try keptAlive.send(get())
            _ = try keptAlive.response()
            bookend.program.send(SIGTERM)
            let began = secondsNow()
            #expect(try bookend.program.exitCode(within: 10) == 0)
            #expect(secondsNow() - began < 2 && keptAlive.isClosed())
        }
    }

    @Test("The admin socket's file does not outlive Bookend's end in the way of the next one")
    func again() async throws {
        try await Stage.run { stage in
            for _ in 0..<3 {
                let bookend = try stage.bookend([try stage.origin()])
                #expect(try bookend.ask().status == 200)
                bookend.program.send(SIGTERM)
                #expect(try bookend.program.exitCode(within: 10) == 0)
            }
        }
    }
}
