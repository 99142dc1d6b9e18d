import BookendCore
import BookendLoop
import Foundation
import Glibc
import Testing

@testable import BookendLab

/// With real processes and, where the system lets us make them, real control groups.
@Suite(.serialized, .timeLimit(.minutes(1)))
struct LimitedProcessTests {
    /// Holds ever more memory: `tail` keeps a line that does not end.
    private static let hungry = Program(path: "/usr/bin/tail", arguments: ["/dev/zero"], signalAtOurEnd: SIGKILL)

    private static let group: MemoryBounds.Kind = {
        guard let run = RunName(kind: "probe") else { return .resourceLimit(reason: "no /proc") }
        let bounds = MemoryBounds.find(for: run)
        if let folder = bounds.folder { GroupRemoval().remove(run: folder) }
        return bounds.kind
    }()

    private static var hasGroups: Bool {
        guard case .group = group else { return false }
        return true
    }

    @Test(
        "A program beyond its limit is killed by the kernel, and that is told with the cause",
        .enabled(if: hasGroups, "no control group can be made here: \(group)"))
    func outOfMemory() throws {
        let run = try #require(RunName(kind: "oom-test"))
        let bounds = MemoryBounds.find(for: run)
        let folder = try #require(bounds.folder)
        defer { GroupRemoval().remove(run: folder) }
        let kept = KeptProgram(
            Self.hungry, in: try bounds.bound("web-01", limit: .mebibytes(32)), shim: try Self.shim())
        try kept.start(at: Kernel().now())
        for kills in 1...2 {
            let process = try #require(kept.processID)
            let cause = ProgramNews.Cause.outOfMemory(limit: .mebibytes(32), kills: kills)
            let news = Self.wait { kept.look(at: Kernel().now()).news }
            #expect(news == .ended(.signal(SIGKILL), process, cause, restartIn: .seconds(1)))
            guard kills == 1 else { break }
            let again = Self.wait { kept.look(at: Kernel().now()).news }
            #expect(again == .runsAgain(kept.processID ?? 0))
        }
        #expect(kept.restarts == 1)
        #expect(GroupRemoval().remove(run: folder))
        #expect(!GroupFiles().exists(folder))
    }

    @Test("Under a resource limit a program that wants more is refused")
    func resourceLimit() throws {
        let process = try LimitedProcess(
            Self.hungry, in: .resourceLimit(.mebibytes(64)), shim: try Self.shim())
        #expect(Self.wait { process.ending() } == .code(1))
        process.output.drain()
        #expect(process.output.lines.contains { $0.contains("memory") })
    }

    @Test("A program that cannot be run says why")
    func noProgram() throws {
        let program = Program(path: "/nowhere/bookty", arguments: [], signalAtOurEnd: SIGKILL)
        let process = try LimitedProcess(program, in: .resourceLimit(nil), shim: try Self.shim())
        #expect(Self.wait { process.ending() } == .code(1))
        process.output.drain()
        #expect(process.output.lines == ["bookend: cannot run /nowhere/bookty: No such file or directory"])
    }

    @Test("What a run left is removed when its process ends without a word")
    func sweeper() throws {
        let run = try #require(RunName(kind: "sweep-test"))
        let folder = FileManager.default.temporaryDirectory.path + "/" + run.text
        try FileManager.default.createDirectory(atPath: folder + "/below", withIntermediateDirectories: true)
        let bounds = MemoryBounds.find(for: run)
        let bound = try bounds.bound("web-01", limit: nil)
        let sleeper = try LimitedProcess(
            Program(path: "/bin/sleep", arguments: ["60"], signalAtOurEnd: SIGKILL), in: bound,
            shim: try Self.shim())
        defer { sleeper.send(SIGKILL) }
        if case .group(let group, _) = bound {
            #expect(Self.wait { group.members() == [sleeper.id] ? true : nil } == true)
        }
        let sweeper = try Sweeper(Remains(folder: folder, group: bounds.folder), program: try Self.shim())
        #expect(FileManager.default.fileExists(atPath: folder))
        sweeper.finish()
        #expect(!FileManager.default.fileExists(atPath: folder))
        guard let group = bounds.folder else { return }
        #expect(!GroupFiles().exists(group))
        #expect(Self.wait { sleeper.ending() } == .signal(SIGKILL))
    }

    /// The `bookend` that is built together with the tests.
    private static func shim() throws -> String {
        let tests = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath()
        let path = tests.deletingLastPathComponent().appending(path: "bookend").path
        try #require(
            FileManager.default.isExecutableFile(atPath: path), "bookend is not built beside the tests: \(path)")
        return path
    }

    private static func wait<Result>(_ look: () throws -> Result?) rethrows -> Result? {
        for _ in 0..<1_000 {
            if let result = try look() { return result }
            usleep(20_000)
        }
        return nil
    }
}
