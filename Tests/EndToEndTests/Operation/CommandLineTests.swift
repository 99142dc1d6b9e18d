import Foundation
import Testing

@Suite("Command line")
struct CommandLineTests {
    @Test(
        "Wrong usage is exit code 2 and says how it is used",
        arguments: [
            ["run", "--frobnicate"], ["frobnicate"], ["run", "a=127.0.0.1:1"], ["check", "one", "two"],
            ["status", "extra"],
            ["run", "--listen"],
        ])
    func wrongUsage(_ arguments: [String]) async throws {
        try await Stage.run { stage in
            let verb = try stage.verb(arguments)
            #expect(verb.code == 2 && verb.errors.contains("Usage:"), "\(verb.code): \(verb.errors)")
        }
    }

    @Test("--version and --help answer on the standard output with 0")
    func help() async throws {
        try await Stage.run { stage in
            let version = try stage.verb(["--version"])
            #expect(version.code == 0 && version.text.wholeMatch(of: #/\d+\.\d+\.\d+\n/#) != nil)
            let help = try stage.verb(["--help"])
            #expect(help.code == 0 && help.text.contains("bookend run"))
            #expect(!help.text.contains("worker  "), "what the supervisor starts is not for people")
        }
    }

    @Test("status with nobody there is exit code 3, and names the socket")
    func unreachable() async throws {
        try await Stage.run { stage in
            let missing = try stage.verb(["status", "--admin", stage.path("none.sock")])
            #expect(missing.code == 3 && missing.errors.contains("none.sock"))
            let noSocket = try stage.verb(["status", "--admin", stage.file("plain", "x")])
            #expect(noSocket.code == 3)
            let tooLong = try stage.verb(["status", "--admin", "/" + String(repeating: "x", count: 200)])
            #expect(tooLong.code == 3)
        }
    }

    @Test("status finds Bookend by --admin, by BOOKEND_ADMIN and by the file in this folder")
    func finds() async throws {
        try await Stage.run { stage in
            let bookend = try stage.bookend([try stage.origin("web-01")], workers: 2)
            #expect(try bookend.ask().status == 200)
            try eventually("it is counted") { try bookend.status().servers[0].requests == 1 }
            let byFlag = try stage.verb(["status", "--admin", bookend.adminSocket])
            let byVariable = try stage.verb(["status"], environment: ["BOOKEND_ADMIN=\(bookend.adminSocket)"])
            let byFolder = try stage.verb(["status"], prefix: ["env", "-C", stage.folder])
            for screen in [byFlag, byVariable, byFolder] {
                #expect(screen.code == 0 && screen.text.contains("web-01") && screen.text.contains("headroom"))
                #expect(screen.text.contains("listening on http://127.0.0.1:\(bookend.port)"))
            }
        }
    }

    @Test("status --json is the report, for machines")
    func json() async throws {
        try await Stage.run { stage in
            let bookend = try stage.bookend([try stage.origin("web-01")], workers: 2)
            let verb = try stage.verb(["status", "--json", "--admin", bookend.adminSocket])
            let status = try Status(verb.output)
            #expect(verb.code == 0 && status.workers == 2 && status.servers[0].name == "web-01")
            #expect(status.process == bookend.worker && status.connectionLimit > 0)
        }
    }

    @Test("check says ok with 0 for what run would take, and all that is wrong at once with 1")
    func check() async throws {
        try await Stage.run { stage in
            let good = try stage.file("good.yaml", "listen: 127.0.0.1:0\nservers: { a: 127.0.0.1:1, b: 127.0.0.1:2 }\n")
            let checked = try stage.verb(["check", good])
            #expect(checked.code == 0 && checked.text == "ok\n")
            let bad = try stage.file(
                "bad.yaml",
                "listen: 127.0.0.1:99999\nworkers: many\nservers: { a: 127.0.0.1, a: 127.0.0.1:2 }\nfoo: 1\n")
            let refused = try stage.verb(["check", bad])
            #expect(refused.code == 1 && refused.text == "")
            for line in 1...4 { #expect(refused.errors.contains("bad.yaml:\(line):"), "\(refused.errors)") }
            let noSpare = try stage.verb(
                ["check", stage.file("one.yaml", "listen: 127.0.0.1:0\nservers: { a: 127.0.0.1:1 }\n")])
            #expect(noSpare.code == 0 && noSpare.errors.contains("warning"))
        }
    }

    @Test("check --effective prints a file that means the same")
    func effective() async throws {
        try await Stage.run { stage in
            let file = try stage.file("a.yaml", "listen: 127.0.0.1:0\nservers: { a: 127.0.0.1:1, b: 127.0.0.1:2 }\n")
            let first = try stage.verb(["check", "--effective", file])
            #expect(first.code == 0)
            let second = try stage.verb(["check", "--effective", stage.file("b.yaml", first.text)])
            #expect(second.code == 0 && second.text == first.text)
        }
    }
}
