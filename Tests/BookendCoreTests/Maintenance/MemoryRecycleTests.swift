import Testing

@testable import BookendCore

@Suite("Recycling for memory")
struct MemoryRecycleTests {
    @Test("A leak is seen coming: the server is recycled before it has 90 % of its memory in use")
    func leak() {
        var fleet = Operated.recycling(3)
        // Of one gigabyte 8 MB a second: 50 s from half of it to nine tenths.
        fleet.fill(0, from: 0.3, to: 0.62, over: .seconds(40))
        #expect(fleet.phase(0) == nil)
        fleet.fill(0, from: 0.62, to: 0.8, over: .seconds(22))
        #expect(fleet.phase(0) == .hook)
        guard case .forecast? = fleet.fleet.recycle(of: ServerID(index: 0))?.cause else {
            return #expect(Bool(false), "not by forecast")
        }
        fleet.endHook(.code(0))
        fleet.fill(0, from: 0.3, to: 0.3, over: .seconds(12))
        #expect(fleet.phase(0) == .over(.done) && fleet.fleet.openAlarms.isEmpty)
    }

    @Test("Two that leak together go one after the other, and the second earlier, as it has to wait")
    func together() {
        var fleet = Operated.recycling(3)
        for step in 0..<280 {
            let used = 0.4 + 0.002 * Double(step)
            for index in [0, 1] where fleet.lease(index) == nil {
                if let reading = MemoryReading(used: used * 1e9, limit: 1e9) {
                    fleet.handle(.reported(ServerID(index: index), reading))
                }
            }
            fleet.pass(.milliseconds(250))
            #expect(fleet.hooks.count <= 1)
            if fleet.hooks.count == 1, step % 12 == 0 { fleet.endHook(.code(0)) }
            if used >= 0.9 { break }
        }
        for index in [0, 1] { #expect(fleet.fleet.recycle(of: ServerID(index: index))?.began != nil) }
    }

    @Test("A server that is only busy, or full of what it needs, is not recycled again and again")
    func noHelp() {
        var fleet = Operated.recycling(3)
        fleet.fill(0, from: 0.9, to: 0.9, over: .seconds(3))
        #expect(fleet.phase(0) == .hook)
        fleet.endHook(.code(0))
        fleet.fill(0, from: 0.9, to: 0.9, over: .seconds(60))
        #expect(fleet.phase(0) == .over(.noHelp) && fleet.has(.recycleFailed(ServerID(index: 0))))
        fleet.fill(0, from: 0.9, to: 0.9, over: .seconds(1_200))
        #expect(fleet.hooks.isEmpty, "it would not help either")
    }

    @Test("The memory that a start takes is no leak")
    func start() {
        var fleet = Operated.recycling(3)
        fleet.fill(0, from: 0.05, to: 0.45, over: .seconds(10))
        fleet.fill(0, from: 0.45, to: 0.45, over: .seconds(30))
        #expect(fleet.phase(0) == nil)
    }

    @Test("With next to no memory left it is recycled beside an overload, but never when nobody else is left")
    func lastResort() {
        for others in [1, 0] {
            var fleet = Operated.recycling(2)
            fleet.load([7, 7])
            if others == 0 { fleet.kill(1) }
            fleet.pass(.seconds(2))
            fleet.fill(0, from: 0.5, to: 0.94, over: .seconds(20))
            guard case .waiting(.guarded)? = fleet.phase(0) else {
                #expect(Bool(false), "it does not wait: \(String(describing: fleet.phase(0)))")
                continue
            }
            fleet.fill(0, from: 0.94, to: 0.97, over: .seconds(3))
            #expect((fleet.lease(0)?.isForced ?? false) == (others == 1))
            #expect(fleet.has(.forced(ServerID(index: 0))) == (others == 1))
        }
    }

    @Test("One that waits is dropped when the memory is free again, and asked for again when it is not")
    func notNeeded() {
        var fleet = Operated.recycling(2)
        fleet.load([6, 6])
        fleet.pass(.seconds(2))
        fleet.fill(0, from: 0.88, to: 0.88, over: .seconds(10))
        guard case .waiting(.guarded)? = fleet.phase(0) else { return #expect(Bool(false), "it does not wait") }
        #expect(fleet.has(.recycleWaits(ServerID(index: 0))))
        // The kernel was faster.
        fleet.fill(0, from: 0.2, to: 0.2, over: .seconds(3))
        #expect(fleet.phase(0) == .over(.notNeeded) && fleet.fleet.openAlarms.isEmpty)
        fleet.fill(0, from: 0.88, to: 0.88, over: .seconds(3))
        guard case .waiting(.guarded)? = fleet.phase(0) else { return #expect(Bool(false), "it does not wait again") }
        // Its agent has fallen silent.
        fleet.pass(.seconds(5))
        #expect(fleet.phase(0) == .over(.notNeeded))
    }

    @Test("Where the configuration does not say so, memory recycles nobody")
    func off() {
        let rules = RecycleRules(drain: .seconds(20), hook: .seconds(60), ready: .seconds(30), memory: nil)
        var fleet = Operated(caps: [10, 10, 10], recycle: rules)
        fleet.fill(0, from: 0.5, to: 0.99, over: .seconds(30))
        #expect(fleet.phase(0) == nil)
    }

    @Test("What is reported is no number that could not be: it is recycled, and nothing traps")
    func beyondEverything() throws {
        var fleet = Operated.recycling(3)
        let reading = try #require(MemoryReading(used: 0x1p60, limit: 1))
        fleet.handle(.reported(ServerID(index: 0), reading))
        fleet.pass(.seconds(1))
        let recycle = fleet.fleet.recycle(of: ServerID(index: 0))
        #expect(recycle?.why == "1000 % of its memory is in use" && recycle?.hasBegun == true)
    }

    @Test("Ten minutes after one that did not come to its end a leak is tried again")
    func triedAgain() {
        for isDrained in [false, true] {
            var fleet = Operated.recycling(3)
            if !isDrained { fleet.load([1, 0, 0]) }
            fleet.fill(0, from: 0.9, to: 0.9, over: .seconds(3))
            if isDrained { fleet.endHook(.code(1)) }
            fleet.fill(0, from: 0.9, to: 0.9, over: .seconds(25))
            #expect(fleet.phase(0) == .over(isDrained ? .hookFailed : .notDrained) && fleet.hooks.isEmpty)
            fleet.load([0, 0, 0])
            fleet.fill(0, from: 0.9, to: 0.9, over: .seconds(560))
            #expect(fleet.hooks.isEmpty, "whoever is woken has time to look")
            fleet.fill(0, from: 0.9, to: 0.9, over: .seconds(60))
            #expect(fleet.phase(0) == .hook && fleet.hooks.count == 1)
        }
    }
}
