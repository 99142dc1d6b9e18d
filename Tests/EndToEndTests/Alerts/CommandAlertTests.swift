import Glibc
import Testing

@Suite("Alerts to programs and syslog")
struct CommandAlertTests {
    /// A program that appends what it reads to a file, and waits or fails when a file says so.
    private func pager(_ stage: Stage) throws -> (path: String, log: String) {
        let (log, path) = (stage.path("paged"), stage.path("pager"))
        try writeFile(
            path,
            """
            #!/bin/sh
            if [ -e \(stage.path("busy")) ]; then sleep 60; fi
            if [ -e \(stage.path("broken")) ]; then echo "no line" >&2; exit 7; fi
            echo "$1 $(cat)" >> \(log)
            echo paged
            """)
        chmod(path, 0o755)
        return (path, log)
    }

    private func bookend(_ stage: Stage, _ alerts: [String]) throws -> Bookend {
        let one = try stage.origin("web-01")
        return try stage.bookend(
            addresses: ["web-01: \(one.address)", "web-02: 127.0.0.1:\(Socket.deadPort(stage))"],
            top: ["alerts:"] + alerts.map { "  - \($0)" }, pool: ["health: { every: 50ms }"])
    }

    @Test(
        "A program gets the alert on its standard input, and again when it failed; one that hangs is ended and delays nobody"
    )
    func program() async throws {
        try await Stage.run { stage in
            let (path, log) = try pager(stage)
            try writeFile(stage.path("busy"), "")
            let receiver = try AlertReceiver(stage)
            let bookend = try bookend(
                stage,
                [
                    "{ exec: [\(path), \"two words\"], format: text, timeout: 500ms }",
                    "{ webhook: \"\(receiver.url)/\", format: chat }",
                ])
            try eventually("the other target is told at once") { try receiver.taken().count == 1 }
            try eventually("it is ended") {
                try bookend.status().alertTargets[0].trouble == "it was killed after 500ms"
            }
            for _ in 0..<20 { #expect(try bookend.ask().text == "web-01") }
            unlink(stage.path("busy"))
            try writeFile(stage.path("broken"), "")
            try eventually("its words are shown", within: 20) {
                try bookend.status().alertTargets[0].trouble == "it ended with code 7: no line"
            }
            unlink(stage.path("broken"))
            try eventually("it is told", within: 30) { !readText(log).isEmpty }
            #expect(readText(log).hasPrefix("two words warning: web-02 is dead: "), "\(readText(log))")
            let test = try stage.verb(["alert", "test", "exec", "--admin", bookend.adminSocket])
            #expect(test.code == 0 && test.text.contains("exit code 0: paged"), "\(test.text)\(test.errors)")
            #expect(readText(log).split(separator: "\n").count == 2, "each alert once")
        }
    }

    @Test("A program that is not there is said at the start and by check, and Bookend serves all the same")
    func missing() async throws {
        try await Stage.run { stage in
            let bookend = try bookend(stage, ["exec: /no/such/pager"])
            let words = "warning: alerts to exec will fail: /no/such/pager: No such file or directory"
            #expect(bookend.program.errors.contains(words))
            #expect(try bookend.ask().status == 200)
            let check = try stage.verb(["check", stage.path("bookend.yaml")])
            #expect(check.code == 0 && check.errors.contains(words), "\(check.errors)")
            let test = try stage.verb(["alert", "test", "--admin", bookend.adminSocket])
            #expect(
                test.code == 1 && test.text.contains("it cannot be started: No such file or directory"), "\(test.text)")
        }
    }

    @Test("Syslog gets a message of RFC 5424, on a socket and over UDP; without a syslog the alert waits")
    func syslog() async throws {
        try await Stage.run { stage in
            let path = stage.path("log")
            let udp = try DatagramSocket.udp()
            defer { udp.end() }
            let bookend = try bookend(stage, ["syslog: \(path)", "syslog: 127.0.0.1:\(udp.port)"])
            let network = try #require(try udp.receive())
            let form =
                /<28>1 \d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z \S+ bookend \d+ server-dead - warning: web-02 is dead: .* \[pool main, bookend on .*/
            #expect(network.wholeMatch(of: form) != nil, "\(network)")
            try eventually("there is no syslog") {
                try bookend.status().alertTargets[0].trouble == "No such file or directory"
            }
            let local = try DatagramSocket.unix(path)
            defer { local.end() }
            let line = try #require(try local.receive())
            #expect(line.wholeMatch(of: form) != nil, "\(line)")
        }
    }
}
