import BookendCore
import Foundation
import Glibc
import Testing

@testable import BookendControl

@Suite("A disk that fails")
struct StoreTroubleTests {
    @Test("What cannot be written is in force all the same, is said once, and is written as soon as that works")
    func comesBack() throws {
        let bench = try StoreBench()
        // Where the folder should be there is a file.
        let folder = bench.folder + "/state"
        #expect(FileManager.default.createFile(atPath: folder, contents: nil))
        let store = try bench.store(in: folder)
        #expect(try !bench.keep(bench.lease("web-01", "a test"), in: store))
        bench.write("web-01 is dead", in: store)
        #expect(store.leases.count == 1 && !store.hasWritten(leaseOf: "main/web-01"))
        #expect(store.health.trouble != nil)
        usleep(2_500_000)
        #expect(bench.lines.count == 1 && bench.lines[0].hasPrefix("ALARM: cannot write \(folder)"), "\(bench.lines)")
        try FileManager.default.removeItem(atPath: folder)
        try bench.eventually { store.health.trouble == nil }
        #expect(store.hasWritten(leaseOf: "main/web-01"))
        #expect(bench.lines.count == 2 && bench.lines[1].contains("is written again"), "\(bench.lines)")
        store.finish()
        let again = try bench.store(in: folder)
        #expect(again.leases.map(\.why) == ["a test"])
        #expect(try #require(try bench.page(of: again)).entries.map(\.text) == ["web-01 is dead"])
        again.finish()
    }

    @Test("More entries than there is room for while the disk fails are counted, and the first are kept")
    func bounded() throws {
        let bench = try StoreBench()
        let folder = bench.folder + "/state"
        #expect(FileManager.default.createFile(atPath: folder, contents: nil))
        let store = try bench.store(in: folder)
        let most = StoreLimits.waitingEntries
        for number in 1...most + 100 { bench.write("entry \(number)", in: store) }
        #expect(store.health.lostEntries == 100)
        try FileManager.default.removeItem(atPath: folder)
        try bench.eventually { store.health.trouble == nil }
        #expect(bench.lines.contains { $0.contains("100 entries of the journal found no room") }, "\(bench.lines)")
        #expect(try #require(try bench.page(of: store)).entries.first?.text == "entry 1")
        store.finish()
    }

    @Test("Entries that were written before the file could be read have numbers after those in it")
    func numberedLate() throws {
        let bench = try StoreBench()
        let first = try bench.store()
        for number in 1...5 { bench.write("before \(number)", in: first) }
        _ = try bench.keep(bench.lease("web-01", "a test"), in: first)
        // While the first one holds the file.
        let second = try bench.store()
        let cause = bench.write("cause", in: second)
        bench.write("effect", cause: cause, in: second)
        first.finish()
        try bench.eventually { second.health.trouble == nil }
        let entries = try #require(try bench.page(of: second)).entries
        #expect(entries.suffix(2).map(\.text) == ["cause", "effect"])
        let ids = entries.compactMap(\.id)
        #expect(ids == ids.sorted() && Set(ids).count == 7)
        #expect(entries[6].cause == cause && ids[5] == cause, "what was told of them meanwhile still leads to them")
        #expect(bench.write("next", in: second) == ids[6] + 1)
        #expect(second.leases.map(\.why) == ["a test"])
        second.finish()
    }

    @Test("A file that is no database is moved aside, said once, and a new one is begun")
    func damaged() throws {
        let bench = try StoreBench()
        let text = String(repeating: "no database at all. ", count: 1_000)
        #expect(FileManager.default.createFile(atPath: bench.path, contents: Data(text.utf8)))
        let store = try bench.store()
        #expect(try bench.keep(bench.lease("web-01", "a test"), in: store))
        #expect(store.health.movedAside == bench.path + ".damaged" && store.health.trouble == nil)
        #expect(
            bench.lines.count == 1 && bench.lines[0].hasPrefix("ALARM: \(bench.path) was damaged"), "\(bench.lines)")
        #expect(try String(contentsOfFile: bench.path + ".damaged", encoding: .utf8) == text)
        store.finish()
    }

    @Test("Damage within the file is found when it is met, and what is known is in the new one")
    func damagedWithin() throws {
        let bench = try StoreBench()
        let store = try bench.store()
        for number in 1...2_000 { bench.write("entry \(number)", in: store) }
        #expect(try bench.keep(bench.lease("web-01", "before"), in: store))
        store.finish()
        let file = try #require(FileHandle(forUpdatingAtPath: bench.path))
        let size = try file.seekToEnd()
        // All but the first page, which makes it a database.
        try file.seek(toOffset: 4_096)
        try file.write(contentsOf: Data(repeating: 0xA5, count: Int(size) - 4_096))
        try file.close()
        let again = try bench.store()
        #expect(try bench.keep(bench.lease("web-02", "after"), in: again))
        #expect(again.health.movedAside != nil, "\(bench.lines)")
        again.finish()
        let third = try bench.store()
        #expect(third.leases.contains { $0.why == "after" })
        #expect(third.health.movedAside == nil)
        third.finish()
    }

    @Test("A file that is removed while Bookend runs is made anew, with what is known")
    func removed() throws {
        let bench = try StoreBench()
        let store = try bench.store()
        #expect(try bench.keep(bench.lease("web-01", "a test"), in: store))
        for end in ["", "-wal"] { unlink(bench.path + end) }
        // It looks when it prunes, first after a second.
        try bench.eventually { access(bench.path, F_OK) == 0 }
        store.finish()
        let again = try bench.store()
        #expect(again.leases.map(\.why) == ["a test"])
        again.finish()
    }

    @Test("A read-only disk is one alarm, and is written once it may be", .enabled(if: geteuid() == 0))
    func readOnly() throws {
        let bench = try StoreBench()
        guard mount("tmpfs", bench.folder, "tmpfs", UInt(MS_RDONLY), "size=1m") == 0 else {
            print("not tested: cannot mount a read-only disk: \(String(cString: strerror(errno)))")
            return
        }
        defer { umount2(bench.folder, Int32(MNT_DETACH)) }
        let store = try bench.store()
        #expect(try !bench.keep(bench.lease("web-01", "a test"), in: store))
        #expect(store.health.trouble == "Read-only file system")
        #expect(mount("tmpfs", bench.folder, "tmpfs", UInt(MS_REMOUNT), "size=1m") == 0)
        try bench.eventually { store.health.trouble == nil }
        #expect(try bench.keep(bench.lease("web-02", "a test"), in: store))
        #expect(bench.lines.count == 2, "\(bench.lines)")
        store.finish()
    }

    @Test("A full disk loses nothing that holds, and is written again when there is room", .enabled(if: geteuid() == 0))
    func full() throws {
        let bench = try StoreBench()
        guard mount("tmpfs", bench.folder, "tmpfs", 0, "size=512k") == 0 else {
            // In a container without the right to mount there is no small disk to fill.
            print("not tested: cannot mount a small disk: \(String(cString: strerror(errno)))")
            return
        }
        defer { umount2(bench.folder, Int32(MNT_DETACH)) }
        let store = try bench.store()
        #expect(try bench.keep(bench.lease("web-01", "before"), in: store))
        let filler = bench.folder + "/filler"
        let raw = open(filler, O_WRONLY | O_CREAT | O_CLOEXEC, 0o600)
        let block = [UInt8](repeating: 1, count: 4_096)
        while write(raw, block, block.count) > 0 {}
        close(raw)
        var number = 0
        try bench.eventually {
            for _ in 0..<100 {
                number += 1
                bench.write("entry \(number)", in: store)
            }
            return store.health.trouble != nil
        }
        #expect(store.health.trouble?.contains("no space left") == true, "\(store.health)")
        #expect(try !bench.keep(bench.lease("web-02", "during"), in: store))
        #expect(store.leases.count == 2)
        unlink(filler)
        try bench.eventually { store.health.trouble == nil }
        store.finish()
        let again = try bench.store()
        #expect(again.leases.map(\.why) == ["before", "during"])
        #expect(try #require(try bench.page(of: again)).entries.first?.text == "entry 1")
        again.finish()
    }
}
