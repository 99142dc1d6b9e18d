import Testing

@testable import BookendControl

@Suite("The journal is bounded")
struct StorePruningTests {
    private func batch(_ bench: StoreBench, _ numbers: ClosedRange<Int64>, at time: WallTime, detail: Int = 0)
        -> StoreBatch
    {
        var batch = StoreBatch()
        for number in numbers {
            _ = batch.add(
                Event(
                    id: number, time: time, monotonicNanoseconds: 0, kind: .serverState, pool: nil, server: nil,
                    text: "entry",
                    detail: detail == 0 ? [:] : ["filler": .text(String(repeating: "x", count: detail))], cause: nil))
        }
        return batch
    }

    @Test("What is older than a month goes, a little at a time; what is not stays")
    func byAge() throws {
        let bench = try StoreBench()
        let file = try StoreFile(bench.path)
        let now = WallTime.now
        let old = now.plus(seconds: -StoreLimits.journalAge - 60)
        try file.write(batch(bench, 1...1_200, at: old), at: now)
        try file.write(batch(bench, 1_201...1_300, at: now), at: now)
        #expect(try file.prune(at: now), "there is more")
        #expect(try file.prune(at: now))
        #expect(try !file.prune(at: now))
        let page = try file.page(JournalQuery(since: nil, after: 0, limit: 1_000))
        #expect(page.entries.count == 100 && page.entries.first?.id == 1_201)
        file.close()
    }

    @Test("Beyond 64 MiB the oldest go, the newest stay, and the file gives its room back")
    func bySize() throws {
        let bench = try StoreBench()
        let file = try StoreFile(bench.path)
        var last: Int64 = 0
        for _ in 0..<9 {
            try file.write(
                batch(bench, last + 1...last + 500, at: .now, detail: StoreLimits.detail), at: .now)
            last += 500
        }
        var steps = 0
        while try file.prune(at: .now) { steps += 1 }
        #expect((1...4).contains(steps))
        let page = try file.page(JournalQuery(since: nil, after: last - 1, limit: 1))
        #expect(page.entries.map(\.id) == [last])
        file.close()
        #expect(StoreBench.size(of: bench.path) < Int(StoreLimits.journalBytes) + (8 << 20))
    }
}
