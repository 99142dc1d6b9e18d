import BookendLoop
import Foundation
import GRDB
import Glibc
import Testing

@testable import BookendControl

@Suite("A Bookend that is killed while it writes")
struct StoreCrashTests {
    /// Built beside the tests.
    private static var writer: String {
        let here = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
        return URL(fileURLWithPath: here).deletingLastPathComponent().appendingPathComponent("store-writer").path
    }

    @Test("Whatever was confirmed is there, and the file is whole, wherever kill -9 strikes", arguments: [25])
    func killed(times: Int) throws {
        let bench = try StoreBench()
        var number = 1
        var confirmedInAll = 0
        for round in 0..<times {
            let output = bench.folder + "/output"
            let process = Process()
            process.executableURL = URL(fileURLWithPath: Self.writer)
            process.arguments = [bench.folder, "\(number)"]
            #expect(FileManager.default.createFile(atPath: output, contents: nil))
            process.standardOutput = FileHandle(forWritingAtPath: output)
            try process.run()
            try bench.eventually { try !String(contentsOfFile: output, encoding: .utf8).isEmpty }
            usleep(useconds_t(1_000 * (round * 7 % 60)))
            kill(process.processIdentifier, SIGKILL)
            process.waitUntilExit()
            let lines = try String(contentsOfFile: output, encoding: .utf8).split(
                separator: "\n", omittingEmptySubsequences: false)
            // The last piece is no line: what follows the last line feed.
            let last = try #require(lines.dropLast().last.flatMap { Int($0) }, "\(lines.suffix(3))")
            confirmedInAll += last - number + 1
            let file = try StoreFile(bench.path)
            let leases = try file.contents().leases
            let found = try #require(leases.first { $0.server == "web-\(last % 4)" })
            // The one after may have been written and not confirmed.
            #expect((Int(found.why) ?? 0) >= last, "round \(round): confirmed \(last), found \(found.why)")
            let check = try file.database.read { try String.fetchOne($0, sql: "PRAGMA integrity_check") }
            #expect(check == "ok")
            file.close()
            number = last + 1
        }
        print("killed \(times) times during \(confirmedInAll) confirmed leases")
    }
}
