import BookendCore
import BookendLoop
import Foundation
import ScriptedKernel
import Testing

@testable import BookendProxy

/// Clients, servers and a kernel that behave as a seed says. `BOOKEND_SEED=n` replays one schedule, `BOOKEND_SEEDS=n`
/// plays more of them.
@Suite("Random schedules of faults")
struct ScheduleTests {
    private static var seeds: Range<UInt64> {
        let environment = ProcessInfo.processInfo.environment
        if let one = environment["BOOKEND_SEED"].flatMap({ UInt64($0) }) { return one..<(one + 1) }
        return 0..<(environment["BOOKEND_SEEDS"].flatMap { UInt64($0) } ?? 300)
    }

    @Test("Every answer is whole, visibly cut off, or Bookend's own; nobody gets another's; nothing is left behind")
    func schedules() throws {
        for seed in Self.seeds {
            var schedule = try Schedule(seed)
            let problem = try schedule.play()
            #expect(problem == nil, "BOOKEND_SEED=\(seed)")
            if problem != nil { return }
        }
    }
}

/// One schedule: a random order of small actions, then time for everything to come to its end.
private struct Schedule {
    private let bench: Bench
    private let servers: [ScheduledServer]
    private var clients: [ScheduledClient] = []
    private var random: SeededRandom

    init(_ seed: UInt64) throws {
        random = SeededRandom(seed: seed)
        let faults: ScriptedKernel.Faults = Bool.random(using: &random) ? .all : .none
        bench = try Bench(servers: Int.random(in: 1...3, using: &random), faults: faults, seed: seed)
        servers = bench.doors.map { ScheduledServer($0) }
    }

    /// What went wrong first, or nil.
    mutating func play() throws -> String? {
        let count = Int.random(in: 1...4, using: &random)
        for _ in 0..<Int.random(in: 20...300, using: &random) {
            if clients.count < count {
                clients.append(ScheduledClient(clients.count, on: try bench.connect(), using: &random))
            }
            if Bool.random(using: &random) {
                clients.randomElement(using: &random)?.act(using: &random)
            } else {
                servers.randomElement(using: &random)?.act(using: &random)
            }
            try bench.loop.turn(limit: .zero)
            if Int.random(in: 0..<50, using: &random) == 0 { try bench.pass(.milliseconds(700)) }
        }
        try comeToRest()
        if let problem = servers.compactMap(\.problem).first { return problem }
        if let problem = clients.compactMap(\.problem).first { return problem }
        if let twice = sentTwice { return "\(twice) was sent twice" }
        return try leftBehind
    }

    /// Everybody goes on as fast as possible, until nothing moves even when every deadline has passed.
    private mutating func comeToRest() throws {
        for round in 0..<2 {
            var quiet = 0
            while quiet < 3 {
                try bench.settle()
                var moved = false
                for server in servers where server.catchUp(using: &random) { moved = true }
                for client in clients where client.catchUp() { moved = true }
                quiet = moved ? 0 : quiet + 1
            }
            if round == 0 { try bench.pass(.seconds(40)) }
        }
    }

    /// A request that must not be repeated and reached servers more than once (rule 11).
    private var sentTwice: String? {
        var seen: Set<String> = []
        for (method, id) in servers.flatMap(\.seen) where method == "POST" {
            if !seen.insert(id).inserted { return id }
        }
        return nil
    }

    private var leftBehind: String? {
        get throws {
            for client in clients { client.wire.close() }
            for server in servers { server.closeAll() }
            try bench.pass(.seconds(100))
            if bench.inFlight != 0 { return "\(bench.inFlight) still in flight" }
            if bench.open.value(0) != 0 { return "\(bench.open.value(0)) clients still open" }
            if bench.loop.buffers.bytesInUse != 0 { return "\(bench.loop.buffers.bytesInUse) bytes of buffers held" }
            return bench.loop.count == 3 ? nil : "\(bench.loop.count - 3) sources left in the loop"
        }
    }
}
