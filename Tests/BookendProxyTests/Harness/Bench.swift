import BookendConfig
import BookendCore
import BookendLoop
import Glibc
import ScriptedKernel
import Testing

@testable import BookendProxy

/// One worker on a loop, in the test's own thread, between clients and servers that the test plays. Time is virtual: it
/// passes only by `pass`, so that a minute costs nothing.
final class Bench {
    let kernel: ScriptedKernel
    let loop: Loop
    let worker: Worker
    let plan: Plan
    let clients = ClientTable()
    /// The servers, in the order of the configuration.
    let doors: [Door]
    let open = SharedCounters(count: 1)
    private(set) var reports: Reports
    private let address: SocketAddress
    private let sharedSigns: SharedSigns
    /// Who waits in this worker, and in others that are not there.
    let waiting: WaitingCounts

    /// What the worker reported.
    final class Reports: @unchecked Sendable {
        // Only touched by the test's thread, in which the loop turns.
        var all: [Observations] = []
        var lost: [(server: ServerID, loss: Loss)] = []
        /// The workers that it told of a place.
        var knocked: [Int] = []
    }

    /// - Parameters:
    ///   - listener: lines of the one listener's configuration.
    ///   - pool: lines of the one pool's configuration.
    ///   - server: settings of each server, without its address.
    init(
        servers: Int = 1, listener: [String] = [], pool: [String] = [], backups: Int = 0, connections: Int = 1_000,
        buffers: Int = 16 << 20,
        log: (writer: LogWriter, format: String)? = nil, faults: ScriptedKernel.Faults = .none, seed: UInt64 = 0
    ) throws {
        doors = try (0..<servers).map { _ in try Door() }
        let lines = doors.enumerated().map { index, door in
            "      s\(index): { address: \"127.0.0.1:\(door.address.port)\", backup: \(index >= servers - backups) }"
        }
        let text =
            (log.map { ["access-log: { path: \"-\", format: \($0.format) }"] } ?? ["access-log: off"])
            + ["listeners:", "  - bind: 127.0.0.1:0"]
            + (listener.contains { $0.hasPrefix("routes:") } ? [] : ["    pool: p"]) + listener.map { "    \($0)" }
            + ["pools:", "  p:"] + pool.map { "    \($0)" } + ["    servers:"] + lines
        let read = Configuration.parse(
            text: text.joined(separator: "\n") + "\n", file: "test", environment: [:], isRoot: false)
        let configuration = try #require(read.configuration, "\(read.diagnostics)")
        kernel = ScriptedKernel(faults: faults, seed: seed)
        kernel.virtualNow = Moment(nanoseconds: 1_000_000_000_000)
        loop = try Loop(kernel: kernel)
        plan = try Plan(configuration)
        let reports = Reports()
        sharedSigns = SharedSigns(servers: plan.room.servers, workers: 1)
        waiting = WaitingCounts(pools: plan.room.pools, workers: 3)
        self.reports = reports
        let shared = Worker.Shared(
            plan: plan, clients: clients, open: open, connections: connections,
            buffers: BufferShare(bytes: buffers), held: SharedCounters(count: 1),
            log: log.map { AccessLogOutput($0.writer, $0.format == "json" ? .json : .combined) },
            signs: sharedSigns, waiting: waiting, rankSeed: 1,
            standings: plan.servers.map { .healthy(isBackup: $0.isBackup) },
            report: { reports.all.append($0) },
            lost: { reports.lost.append(($0, $1)) }, knock: { worker, _ in reports.knocked.append(worker) })
        worker = Worker(shared, index: 0, on: loop, seed: seed)
        let socket = FileDescriptor(owning: try ListeningSocket.group(.loopback, count: 1)[0])
        address = ListeningSocket.local(socket)
        try worker.listen(on: socket, for: configuration.listeners[0])
    }

    /// A client, connected; the worker learns of it in the next turns.
    func connect() throws -> Wire {
        try Wire.connect(to: address)
    }

    /// Turns the loop until nothing happens any more. Time stands still.
    func settle() throws {
        var quiet = 0
        var calls = kernel.calls
        for _ in 0..<20_000 where quiet < 8 {
            try loop.turn(limit: .zero)
            let isQuiet = kernel.calls.filter { $0.key != .wait } == calls.filter { $0.key != .wait }
            quiet = isQuiet ? quiet + 1 : 0
            calls = kernel.calls
        }
        #expect(quiet == 8, "the loop comes to rest")
    }

    /// Lets time pass, a second at a time at most.
    func pass(_ span: TimeSpan) throws {
        var left = span
        while left > .zero {
            let step = min(left, .seconds(1))
            left = TimeSpan(nanoseconds: left.nanoseconds - step.nanoseconds)
            kernel.virtualNow = loop.now + step
            try settle()
        }
    }

    /// Settles, and takes in what has arrived.
    @discardableResult
    func receive(_ wire: Wire) throws -> String {
        try settle()
        while wire.receive() > 0 { try settle() }
        return wire.text
    }

    /// Settles until a connection to that server is there to be accepted.
    func accept(_ server: Int = 0) throws -> Wire {
        for _ in 0..<1_000 {
            try settle()
            if let wire = doors[server].accept() { return wire }
            usleep(500)
        }
        throw Errno.timedOut
    }

    /// What the worker counted of that server.
    func signs(_ server: Int) -> Signs { sharedSigns.total(of: server, at: loop.now) }

    var inFlight: Int { plan.servers.indices.reduce(0) { $0 + plan.inFlight.value($1) } }

    /// Nothing is left of any client: no request in flight, no memory, no source but the listener, the reporter and the
    /// pool's line.
    func expectEmpty(_ comment: Comment? = nil, idleUpstreams: Int = 0) {
        #expect(inFlight == 0, comment)
        #expect(open.value(0) == 0, comment)
        #expect(loop.buffers.bytesInUse == 0, comment)
        #expect(loop.count == 3 + idleUpstreams, comment)
    }
}
