import Glibc
import Testing

@Suite("Starting")
struct StartTests {
    private func configuration(_ stage: Stage, listen: String = "127.0.0.1:0", _ more: String = "") throws -> String {
        try stage.file(
            "bookend.yaml",
            """
            state: \(stage.folder)/state
            admin: { socket: \(stage.folder)/admin.sock }
            listen: \(listen)
            servers: { a: 127.0.0.1:9, b: 127.0.0.1:10 }
            \(more)
            """)
    }

    @Test("A port in use is said with its place in the file and how to find by whom")
    func portInUse() async throws {
        try await Stage.run { stage in
            let (socket, port) = try Socket.listening()
            defer { close(socket) }
            let run = try stage.verb(["run", configuration(stage, listen: "127.0.0.1:\(port)")])
            #expect(run.code == 1)
            #expect(run.errors.contains("bookend.yaml:3:") && run.errors.contains("the port is in use"))
            #expect(run.errors.contains("ss -ltnp 'sport = :\(port)'"))
        }
    }

    @Test("An address that this machine does not have is said")
    func foreignAddress() async throws {
        try await Stage.run { stage in
            let run = try stage.verb(["run", configuration(stage, listen: "192.0.2.1:0")])
            #expect(run.code == 1 && run.errors.contains("no interface of this machine has that address"))
        }
    }

    @Test("Two Bookends do not share an admin socket, nor steal it from each other")
    func twice() async throws {
        try await Stage.run { stage in
            let bookend = try stage.bookend([try stage.origin()])
            let second = try stage.verb(["run", configuration(stage)])
            #expect(second.code == 1 && second.errors.contains("another Bookend is running"))
            #expect(try bookend.status().workers == 1)
        }
    }

    @Test("A file that is missing, a folder, unreadable or no YAML gives one clear complaint and exit code 1")
    func files() async throws {
        try await Stage.run { stage in
            let missing = try stage.verb(["run", stage.path("missing.yaml")])
            #expect(missing.code == 1 && missing.errors.contains("missing.yaml"))
            #expect(
                missing.errors.contains("No such file") || missing.errors.contains("does not exist")
                    || missing.errors.contains("no such file"), "\(missing.errors)")
            let folder = try stage.verb(["run", stage.folder])
            #expect(
                folder.code == 1 && folder.errors.lowercased().contains("folder")
                    || folder.errors.lowercased().contains("directory"), "\(folder.errors)")
            let bad = try stage.verb(["run", stage.file("bad.yaml", "listen: [unclosed\nservers: {")])
            #expect(bad.code == 1 && bad.errors.contains("bad.yaml:"), "\(bad.errors)")
            let unknown = try stage.verb([
                "run", stage.file("unknown.yaml", "listn: :8080\nservers: { a: 127.0.0.1:9 }\n"),
            ])
            #expect(
                unknown.code == 1 && unknown.errors.contains("unknown.yaml:1:1") && unknown.errors.contains("listen"))
            let binary = stage.path("binary.yaml")
            try writeFile(binary, (0...255).map { UInt8($0) })
            let noText = try stage.verb(["run", binary])
            #expect(noText.code == 1 && noText.errors.contains("binary.yaml"))
            for run in [missing, folder, bad, unknown, noText] {
                #expect(!run.errors.contains("Fatal error") && run.errors.split(separator: "\n").count < 15)
            }
        }
    }

    @Test("Without permission the complaint says what to do")
    func permission() async throws {
        try await Stage.run { stage in
            // Root may do anything: as nobody, then.
            let (prefix, binary, here) = try stage.unprivileged()
            func run(_ file: String) throws -> Finished {
                let command = prefix + [binary, "run", file]
                return try stage.finish(stage.start(command[0], Array(command.dropFirst()), named: "run"))
            }
            let file = try configuration(stage)
            chmod(file, geteuid() == 0 ? 0o600 : 0)
            let unreadable = try run(file)
            #expect(unreadable.code == 1 && unreadable.errors.contains("may not read the file"), "\(unreadable.errors)")
            try writeFile(
                here + "/bookend.yaml", "state: /proc/state\nlisten: 127.0.0.1:0\nservers: { a: 127.0.0.1:9 }\n")
            let state = try run(here + "/bookend.yaml")
            #expect(state.code == 1 && state.errors.contains("cannot make the admin socket /proc/state/admin.sock"))
        }
    }

    @Test(
        "Too few descriptors are a smaller limit or a clear message, never a crash",
        arguments: [8, 10, 14, 24, 64, 100])
    func descriptors(_ limit: Int) async throws {
        try await Stage.run { stage in
            let origin = try stage.origin()
            let file = try stage.file(
                "few.yaml",
                """
                workers: 2
                state: \(stage.folder)/state
                admin: { socket: \(stage.folder)/admin.sock }
                listen: 127.0.0.1:0
                servers: { a: \(origin.address), b: \(origin.address.replacing("127.0.0.1", with: "127.0.0.2")) }
                """)
            let program = try stage.start(
                "/bin/sh", ["-c", "ulimit -n \(limit); exec \"$0\" run \"$1\"", Binary.path(), file], named: "few")
            guard let bookend = try? Bookend(program, adminSocket: stage.path("admin.sock"), within: 8) else {
                #expect(!program.isRunning, "it neither serves nor ends")
                let code = try program.exitCode(within: 1)
                #expect(code == 1 && program.errors.contains("descriptors"), "\(code): \(program.errors)")
                #expect(limit < 64, "64 descriptors are enough to serve")
                return
            }
            stage.atEnd { bookend.end() }
            // More clients than there are descriptors: the surplus waits or is closed, and the others are served.
            var clients: [Connection] = []
            for _ in 0..<limit { if let client = try? bookend.connect() { clients.append(client) } }
            for client in clients { client.close() }
            try eventually("it serves") { (try? bookend.ask().status) == 200 }
            #expect(!program.errors.contains("worker process"), "\(program.errors)")
        }
    }

    @Test("Servers on the command line need no file, and state lies in this folder for who is not root")
    func flags() async throws {
        try await Stage.run { stage in
            let origin = try stage.origin("web-01")
            let dead = try Socket.deadPort(stage)
            let (prefix, binary, here) = try stage.unprivileged()
            let program = try stage.start(
                "env",
                ["-C", here] + prefix + [
                    binary, "run", "--listen", "127.0.0.1:0", "dead=127.0.0.1:\(dead)", "--backup",
                    "web-01=\(origin.address)",
                ], named: "flags")
            let bookend = try Bookend(program, adminSocket: here + "/.bookend/admin.sock")
            stage.atEnd { bookend.end() }
            #expect(try bookend.ask().text == "web-01")
            #expect(mode(of: here + "/.bookend") == 0o700)
        }
    }
}
