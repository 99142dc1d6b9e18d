import BookendCore
import Glibc
import Testing

@testable import BookendControl

@Suite("Programs that the configuration names")
struct CommandRunTests {
    private func run(
        _ words: [String], _ input: String = "", within limit: TimeSpan = .seconds(10)
    ) -> (ending: CommandRun.Ending, output: [UInt8]) {
        var output: [UInt8] = []
        let run = CommandRun(words: words, environment: [], input: Array(input.utf8), limit: limit, manners: nil)
        return (run.run { output += $0.prefix(4_096 - output.count) }, output)
    }

    @Test("Input, output and exit code go through, and no shell sees the words")
    func plain() {
        let cat = run(["/bin/cat"], "in and out\n")
        #expect(cat.ending == .ended(0) && cat.output == Array("in and out\n".utf8))
        let echo = run(["/bin/echo", "$HOME; `id`", "*"])
        #expect(echo.output == Array("$HOME; `id` *\n".utf8))
        let failing = run(["/bin/sh", "-c", "echo it broke >&2; exit 3"])
        #expect(failing.ending == .ended(3 << 8) && failing.output == Array("it broke\n".utf8))
    }

    @Test("One that cannot be started says why")
    func missing() {
        guard case .notStarted(let error) = run(["/no/such/program"]).ending else {
            Issue.record("it started")
            return
        }
        #expect("\(error)" == "No such file or directory")
        guard case .notStarted = run([]).ending else { return #expect(Bool(false), "nothing was started") }
    }

    @Test("One that takes too long is ended with all that it started, even if it wants to go on")
    func tooLong() throws {
        let kernel = ContinuousClock.now
        let slow = run(
            ["/bin/sh", "-c", "trap '' TERM; sleep 60 & echo $!; sleep 60"], within: .milliseconds(300))
        #expect(slow.ending == .tooLong && ContinuousClock.now - kernel < .seconds(5))
        let child = try #require(pid_t(String(decoding: slow.output, as: UTF8.self).filter(\.isNumber)))
        // Ended, whoever takes it in: no such process, or one that is a zombie.
        var isOver = false
        for _ in 0..<200 where !isOver {
            isOver = kill(child, 0) != 0 || state(of: child) == "Z"
            if !isOver { usleep(10_000) }
        }
        #expect(isOver)
    }

    @Test("What it writes without end is neither kept nor waited for")
    func endless() {
        let yes = run(["/bin/sh", "-c", "yes | head -c 3000000; echo done >&2; exit 0"])
        #expect(yes.ending == .ended(0) && yes.output.count == 4_096)
    }

    @Test("What it leaves running does not hold it up")
    func background() {
        let start = ContinuousClock.now
        #expect(run(["/bin/sh", "-c", "sleep 5 & exit 0"]).ending == .ended(0))
        #expect(ContinuousClock.now - start < .seconds(4))
    }

    @Test("It gets no descriptor but the standard three: not the sockets that clients connect to")
    func descriptors() throws {
        // As a descriptor that another process passed: open across exec.
        let passed = open("/dev/null", O_RDONLY)
        defer { close(passed) }
        let list = run(["/bin/sh", "-c", "ls /proc/self/fd | tr '\\n' ' '"])
        // The fourth is ls's own, on the folder.
        #expect(String(decoding: list.output, as: UTF8.self) == "0 1 2 3 ")
    }

    private func state(of id: pid_t) -> String? {
        guard let file = fopen("/proc/\(id)/stat", "r") else { return nil }
        defer { fclose(file) }
        var line = [CChar](repeating: 0, count: 256)
        guard fgets(&line, 256, file) != nil else { return nil }
        let text = String(decoding: line.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
        return text.split(separator: ")").last?.split(separator: " ").first.map { String($0) }
    }
}
