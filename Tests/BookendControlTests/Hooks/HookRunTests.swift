import BookendCore
import Foundation
import Glibc
import Testing

@testable import BookendControl

@Suite("Clean-up hooks")
struct HookRunTests {
    private func run(
        _ command: String..., environment: [String] = [], limit: TimeSpan = .seconds(20)
    ) -> HookResult {
        HookRun.run(command, environment: environment, limit: limit)
    }

    @Test("Its code, its signal, and what it wrote on both outputs are kept")
    func endings() {
        let well = run("sh", "-c", "echo out; echo err >&2")
        #expect(well == HookResult(.code(0), output: "out\nerr\n") && well.isGood)
        #expect(run("sh", "-c", "exit 3").ending == .code(3))
        #expect(run("sh", "-c", "kill -9 $$").ending == .signal(9))
    }

    @Test("It gets its words as they are, without a shell, an empty input, and the names in its environment")
    func surroundings() {
        #expect(run("echo", "$HOME; *", "\"").output == "$HOME; * \"\n")
        #expect(run("cat").output == "")
        let told = run("sh", "-c", "echo $BOOKEND_SERVER $PATH", environment: ["BOOKEND_SERVER=web-01", "PATH=/bin"])
        #expect(told.output == "web-01 /bin\n")
    }

    @Test("It gets no descriptor but the standard three: not the sockets that clients connect to")
    func descriptors() {
        // As a descriptor that another process passed: open across exec.
        let passed = open("/dev/null", O_RDONLY)
        defer { close(passed) }
        // The fourth is ls's own, on the folder.
        #expect(run("ls", "/proc/self/fd").output == "0\n1\n2\n3\n")
    }

    @Test("What is no program says so")
    func missing() {
        guard case .notStarted(let why) = run("/no/such/program").ending else {
            return #expect(Bool(false), "it was started")
        }
        #expect(why.hasPrefix("/no/such/program: "), "\(why)")
    }

    @Test("One that takes too long is ended with all that it started, also when it does not heed SIGTERM")
    func tooLong() {
        let began = Date()
        let result = run("sh", "-c", "trap '' TERM; echo begun; sleep 600 & sleep 600", limit: .milliseconds(300))
        #expect(result == HookResult(.timedOut, output: "begun\n"))
        #expect((5...9).contains(Date().timeIntervalSince(began)), "SIGTERM, five seconds, SIGKILL")
        let polite = Date()
        #expect(run("sleep", "600", limit: .milliseconds(300)).ending == .timedOut)
        #expect(Date().timeIntervalSince(polite) < 4)
    }

    @Test("A server that it leaves running does not keep it from being over")
    func daemon() {
        let began = Date()
        #expect(run("sh", "-c", "sleep 5 & echo started") == HookResult(.code(0), output: "started\n"))
        #expect(Date().timeIntervalSince(began) < 4)
    }

    @Test("Of endless output the last 64 KiB are kept, without what moves a terminal's cursor")
    func output() {
        let result = run("sh", "-c", "yes | head -c 1000000; printf 'last\\033[2J\\n'")
        #expect(result.output.hasSuffix("\ny\nlast[2J\n"))
        #expect(result.output.hasPrefix("(9"), "\(result.output.prefix(40))")
        #expect(result.output.utf8.count < RecycleLimits.output + 100)
    }
}

@Suite("Messages about hooks")
struct HookMessageTests {
    @Test("Every ending arrives as it was sent, with all of its output")
    func roundTrip() throws {
        let ends = try HookSocket.pair()
        defer {
            close(ends.supervisor)
            close(ends.worker)
        }
        let output = String(repeating: "\"\\\n\t", count: RecycleLimits.output / 4)
        let endings: [HookResult.Ending] = [.code(-1), .signal(15), .timedOut, .notStarted("no pipe"), .silent]
        for ending in endings {
            let result = HookResult(ending, output: output)
            let message = HookMessage(pool: "main", server: "web-01", report: HookReport(result, of: 1 << 53 - 1))
            #expect(HookSocket.send(message, to: ends.supervisor))
            let data = try #require(HookSocket.receive(ends.worker))
            let read = try #require(AdminJSON.decoded(HookMessage.self, data))
            #expect(read.report.result == result && read.report.hook == 1 << 53 - 1)
        }
        #expect(HookSocket.receive(ends.worker) == nil)
    }

    @Test("How much of a long output is missing is said once, and by who left it out")
    func leftOut() throws {
        let hook = HookRun.run(["sh", "-c", "yes | head -c 1000000"], environment: [], limit: .seconds(20))
        let missing = "(\(1_000_000 - RecycleLimits.output) bytes before this are left out)\n"
        #expect(hook.output.hasPrefix(missing), "\(hook.output.prefix(60))")
        let read = try #require(HookReport(hook, of: 1).result)
        #expect(read == hook, "\(read.output.prefix(60))")
        let claimed = HookResult(.code(0), output: String(repeating: "x", count: 10 * RecycleLimits.output))
        let bounded = try #require(HookReport(claimed, of: 1).result)
        #expect(bounded.output.utf8.count <= RecycleLimits.output + 100)
    }

    @Test("What an agent sends is cleaned: no control characters, no more than is kept")
    func cleaned() throws {
        let text = #"{"hook": 1, "over": true, "code": 1, "output": "a\u001b[2Jb\nc"}"#
        let report = try #require(AdminJSON.decoded(HookReport.self, Data(text.utf8)))
        #expect(report.result == HookResult(.code(1), output: "a[2Jb\nc"))
        for bad in [#"{"hook": -1, "over": true}"#, #"{"hook": 1e300, "over": true}"#, #"{"over": true}"#, "[]"] {
            #expect(AdminJSON.decoded(HookReport.self, Data(bad.utf8)) == nil)
        }
    }
}
