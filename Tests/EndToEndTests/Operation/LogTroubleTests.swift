import Glibc
import Testing

@Suite("A log that cannot be written")
struct LogTroubleTests {
    @Test("A full disk costs lines, which are counted, and no request")
    func fullDisk() async throws {
        try await Stage.run { stage in
            let bookend = try stage.bookend([try stage.origin()], top: ["access-log: { path: /dev/full }"])
            for _ in 0..<20 { #expect(try bookend.ask().status == 200) }
            try eventually("the lines are counted") { try bookend.status().droppedLogLines == 20 }
        }
    }

    @Test(
        "A reader that stopped reading costs lines, which are counted, and no request; Bookend still ends when told to")
    func stuckReader() async throws {
        try await Stage.run { stage in
            let pipe = stage.path("pipe")
            mkfifo(pipe, 0o600)
            let reader = open(pipe, O_RDWR | O_CLOEXEC)
            defer { close(reader) }
            let bookend = try stage.bookend([try stage.origin()], top: ["access-log: { path: \(pipe) }"])
            let agent = "User-Agent: " + String(repeating: "x", count: 8_000) + "\r\n"
            let client = try bookend.connect()
            for _ in 0..<1_500 {
                try client.send(get("/", agent))
                #expect(try client.response().status == 200)
            }
            try eventually("lines are dropped and counted") { try bookend.status().droppedLogLines > 0 }
            bookend.program.send(SIGTERM)
            #expect(try bookend.program.exitCode(within: 10) == 0)
        }
    }

    @Test("A pipe without a reader does not keep Bookend from serving")
    func noReader() async throws {
        try await Stage.run { stage in
            let pipe = stage.path("pipe")
            mkfifo(pipe, 0o600)
            let bookend = try stage.bookend([try stage.origin()], top: ["access-log: { path: \(pipe) }"])
            #expect(try bookend.ask().status == 200)
        }
    }

    @Test("A log that cannot be opened is said at the start, in one line, with exit code 1")
    func cannotOpen() async throws {
        try await Stage.run { stage in
            let file = try stage.file(
                "bookend.yaml",
                """
                state: \(stage.folder)/state
                admin: { socket: \(stage.folder)/admin.sock }
                access-log: { path: /nowhere/access.log }
                listen: 127.0.0.1:0
                servers: { a: 127.0.0.1:9, b: 127.0.0.1:10 }
                """)
            let run = try stage.verb(["run", file])
            #expect(run.code == 1 && run.errors.contains("/nowhere/access.log"), "\(run.errors)")
        }
    }
}
