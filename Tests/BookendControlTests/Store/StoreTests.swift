import BookendCore
import Foundation
import GRDB
import Testing

@testable import BookendControl

@Suite("State that lasts")
struct StoreTests {
    private let death = ServerRecord.Death(inFlight: 31, times: 2, ceiling: 21.7, time: .now)

    @Test("What the store was told is there after a restart: servers, leases, journal")
    func lasts() throws {
        let bench = try StoreBench()
        let record = ServerRecord(pool: "main", server: "web-01", state: "dead", cap: 24, death: death)
        let lease = bench.lease("web-02", "kernel update")
        let store = try bench.store()
        store.take(.server(record)) { _ in }
        let number = bench.write("web-01 is dead", in: store)
        #expect(try bench.keep(lease, in: store))
        store.finish()
        let again = try bench.store()
        #expect(again.servers == ["main/web-01": record] && again.leases == [lease])
        let page = try #require(try bench.page(of: again))
        #expect(page.entries.map(\.text) == ["web-01 is dead"] && page.entries[0].detail == ["state": "dead"])
        #expect(page.entries[0].id == number && page.oldest == number)
        #expect(bench.write("the numbers go on", in: again) > number)
        #expect(bench.lines.isEmpty)
        again.finish()
    }

    @Test(
        "A lease whose time ran out while nobody was there is still known: its server is to be checked before it serves"
    )
    func leaseEnds() throws {
        let bench = try StoreBench()
        let store = try bench.store()
        _ = try bench.keep(bench.lease("web-02", "ended long ago", seconds: -1), in: store)
        #expect(store.hasWritten(leaseOf: "main/web-02"))
        store.finish()
        let again = try bench.store()
        #expect(again.leases.map(\.why) == ["ended long ago"])
        again.finish()
    }

    @Test("No number is given twice, though what was told last was lost with the process")
    func lostNumbers() throws {
        let bench = try StoreBench()
        let folder = bench.folder + "/state"
        #expect(FileManager.default.createFile(atPath: folder, contents: nil))
        let store = try bench.store(in: folder)
        let told = (0..<100).map { _ in bench.write("told and never written", in: store) }
        store.finish()
        try FileManager.default.removeItem(atPath: folder)
        usleep(150_000)
        let again = try bench.store(in: folder)
        #expect(bench.write("the next life", in: again) > told.max() ?? .max)
        again.finish()
    }

    @Test("A lease that was given back does not come back")
    func leaseOver() throws {
        let bench = try StoreBench()
        let store = try bench.store()
        _ = try bench.keep(bench.lease("web-01", "a test"), in: store)
        store.take(.leaseOver(pool: "main", server: "web-01", ticket: 2)) { _ in }
        #expect(store.leases.isEmpty)
        store.finish()
        let again = try bench.store()
        #expect(again.leases.isEmpty)
        again.finish()
    }

    @Test("A file of the version before is taken over: its leases hold, and were taken by no recycle")
    func versionOne() throws {
        let bench = try StoreBench()
        let old = try DatabaseQueue(path: bench.path)
        try StoreSchema.migrator.migrate(old, upTo: "1")
        try old.write { database in
            try database.execute(
                sql: "INSERT INTO leases VALUES ('main', 'web-02', 'me', 'a disk', 1, ?, 0, 1)",
                arguments: [WallTime.now.plus(seconds: 3_600).microseconds])
        }
        try old.close()
        let store = try bench.store()
        #expect(store.leases.map(\.why) == ["a disk"] && store.leases.map(\.isRecycle) == [false])
        #expect(try bench.keep(bench.lease("web-01", "a leak"), in: store))
        store.finish()
        let again = try bench.store()
        #expect(again.leases.first { $0.why == "a leak" }?.isRecycle == true && bench.lines.isEmpty)
        again.finish()
    }

    @Test("An entry names the one that it follows from, and a page ends where the next begins")
    func numbers() throws {
        let bench = try StoreBench()
        let store = try bench.store()
        var last: Int64?
        for text in ["web-01 is dead", "it gets less", "it is back", "it is healthy", "it is slow"] {
            last = bench.write(text, cause: last, in: store)
        }
        let all = try #require(try bench.page(of: store)).entries
        let ids = all.compactMap(\.id)
        #expect(ids == (0..<5).map { ids[0] + $0 } && all.map(\.cause) == [nil] + ids.prefix(4).map { $0 })
        let page = try #require(try bench.page(limit: 2, of: store))
        #expect(page.entries == Array(all.prefix(2)) && page.more)
        let rest = try #require(try bench.page(after: ids[1], of: store))
        #expect(rest.entries == Array(all.suffix(3)) && !rest.more)
        #expect(try #require(try bench.page(since: -60, of: store)).entries.isEmpty)
        store.finish()
    }

    @Test("Who asks finds what was told before, also while something older is being written")
    func asksWhileWriting() throws {
        let bench = try StoreBench()
        let store = try bench.store()
        defer { store.finish() }
        var last: Int64 = 0
        for number in 0..<200 {
            bench.write("older", in: store)
            usleep(useconds_t(number % 20 * 50))
            let newer = bench.write("newer", in: store)
            let page = try #require(try bench.page(after: last, of: store))
            #expect(page.entries.last?.id == newer, "after \(number)")
            last = newer
        }
    }

    @Test("Only its owner may read the file")
    func permissions() throws {
        let bench = try StoreBench()
        let store = try bench.store()
        _ = try bench.keep(bench.lease("web-01", "a test"), in: store)
        for file in [bench.path, bench.path + "-wal"] { #expect(StoreBench.mode(of: file) == 0o600, "\(file)") }
        store.finish()
    }

    @Test("Two Bookends do not share a file: the second one says so, and serves on")
    func twice() throws {
        let bench = try StoreBench()
        let store = try bench.store()
        #expect(try bench.keep(bench.lease("web-01", "a test"), in: store))
        let second = try bench.store()
        #expect(try !bench.keep(bench.lease("web-02", "a test"), in: second))
        #expect(
            bench.lines.contains { $0.hasPrefix("ALARM") && $0.contains("another process uses it") }, "\(bench.lines)")
        store.finish()
        try bench.eventually { second.health.trouble == nil }
        second.finish()
    }
}
