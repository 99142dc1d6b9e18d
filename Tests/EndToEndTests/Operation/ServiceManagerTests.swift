import Foundation
import Glibc
import Testing

@Suite("As a service of systemd")
struct ServiceManagerTests {
    private func bookend(_ stage: Stage, _ socket: String, watchdog: Int?) throws -> Bookend {
        let one = try stage.origin("web-01")
        return try stage.bookend(
            yaml: "workers: 2\nlisten: 127.0.0.1:0\nservers: { web-01: \(one.address) }\n",
            environment: ["NOTIFY_SOCKET=\(socket)"] + (watchdog.map { ["WATCHDOG_USEC=\($0)"] } ?? []), mayDie: true)
    }

    @Test(
        "It says when it serves and when it stops, to a path and to an abstract socket",
        arguments: ["path", "abstract"])
    func readyAndStopping(_ kind: String) async throws {
        try await Stage.run { stage in
            let name = kind == "path" ? stage.path("notify") : "@bookend-test-\(getpid())-\(stage.folder.suffix(6))"
            let manager = try DatagramSocket.unix(name)
            defer { manager.end() }
            let bookend = try bookend(stage, name, watchdog: nil)
            let ready = try #require(try manager.receive())
            #expect(ready == "READY=1\nSTATUS=serving on \(bookend.url)\nWATCHDOG=1")
            #expect(try manager.receive(within: 0.5) == nil, "no watchdog, no beats")
            bookend.program.send(SIGTERM)
            #expect(try manager.receive() == "STOPPING=1\nSTATUS=requests in flight finish")
            #expect(try bookend.program.exitCode() == 0)
        }
    }

    @Test("The watchdog is fed while the worker process answers, not while it hangs, and after a restart again")
    func watchdog() async throws {
        try await Stage.run { stage in
            let name = stage.path("notify")
            let manager = try DatagramSocket.unix(name)
            defer { manager.end() }
            let bookend = try bookend(stage, name, watchdog: 400_000)
            _ = try manager.receive()
            for _ in 0..<5 { #expect(try manager.receive(within: 5) == "WATCHDOG=1") }
            let worker = bookend.worker
            kill(worker, SIGSTOP)
            // What was on its way.
            while try manager.receive(within: 0.3) != nil {}
            #expect(try manager.receive(within: 1) == nil)
            kill(worker, SIGCONT)
            #expect(try manager.receive() == "WATCHDOG=1")
            kill(worker, SIGKILL)
            var said: [String] = []
            try eventually("it serves again") {
                if let line = try manager.receive() { said.append(line) }
                return said.contains("READY=1\nSTATUS=serving on \(bookend.url)\nWATCHDOG=1")
            }
            let died = said.filter { $0.hasPrefix("STATUS=the worker process was killed by signal 9") }
            #expect(died.count == 1, "\(said)")
            #expect(try bookend.ask().text == "web-01")
        }
    }

    @Test(
        "The packaged units are as systemd wants them, and shut in",
        .enabled(if: access("/usr/bin/systemd-analyze", X_OK) == 0))
    func units() async throws {
        try await Stage.run { stage in
            let folder = Binary.packageFolder + "/packaging/systemd/"
            for (unit, name) in [
                ("bookend.service", "bookend.service"), ("bookend-agent@.service", "bookend-agent@web-01.service"),
                ("bookty.service", "bookty.service"),
            ] {
                // Nothing is installed here.
                let text = readText(folder + unit).replacing("/usr/local/bin/bookend", with: try Binary.path())
                    .replacing("/usr/local/bin/bookty", with: try Binary.path())
                let file = try stage.file(name, text)
                let verify = try stage.finish(
                    stage.start("/usr/bin/systemd-analyze", ["verify", "--man=no", file], named: "verify"))
                #expect(verify.code == 0 && verify.errors.isEmpty, "\(verify.errors)\(verify.text)")
                let security = try stage.finish(
                    stage.start(
                        "/usr/bin/systemd-analyze",
                        ["security", "--offline=yes", "--threshold=20", "--no-pager", file],
                        named: "security"))
                #expect(security.code == 0, "\(security.text)")
            }
        }
    }
}
