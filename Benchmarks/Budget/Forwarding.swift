import BookendConfig
import BookendCore
import BookendLoop
import BookendProxy

/// Requests through a worker between scripted clients and servers.
enum Forwarding {
    /// As many as a busy loop has ready in one turn, so that what a turn costs is shared as it is there.
    private static let clients = 32

    /// - Parameter path: of the only route; requests ask for `/books/1`, others are answered by Bookend itself.
    static func run(_ requests: Int, route path: String) throws {
        let shared = try shared(route: path)
        try serve(requests, shared)
    }

    /// The same by several workers in threads of their own, which share what workers share.
    static func run(_ requests: Int, threads: Int) throws {
        let shared = try shared(route: "/")
        let started = try (0..<threads).map { index in
            try Thread.start("worker-\(index)") { try! serve(requests, shared) }
        }
        for thread in started { thread.join() }
    }

    private static func shared(route path: String) throws -> Worker.Shared {
        let text = """
            access-log: off
            listeners: [{ bind: 127.0.0.1:1, routes: [{ path: "\(path)", pool: p }] }]
            pools: { p: { servers: { web-01: 127.0.0.1:2, web-02: 127.0.0.1:3 } } }
            """
        let read = Configuration.parse(text: text, file: "budget", environment: [:], isRoot: false)
        guard let configuration = read.configuration else { fatalError("\(read.diagnostics)") }
        let plan = try Plan(configuration)
        return Worker.Shared(
            plan: plan, clients: ClientTable(), open: SharedCounters(count: 64),
            connections: 1_000, buffers: BufferShare(bytes: 16 << 20), held: SharedCounters(count: 64), log: nil,
            signs: SharedSigns(servers: plan.servers.count, workers: 64),
            waiting: WaitingCounts(pools: 1, workers: 64), rankSeed: 1,
            standings: plan.servers.map { .healthy(isBackup: $0.isBackup) },
            report: { _ in }, lost: { _, _ in }, knock: { _, _ in })
    }

    private static func serve(_ requests: Int, _ shared: Worker.Shared) throws {
        let peers = ScriptedPeers(clients: clients, requests: requests)
        let loop = try Loop(kernel: peers)
        let worker = Worker(shared, index: 0, on: loop, seed: 1)
        peers.finished = { loop.stop() }
        peers.expectListener()
        let socket = FileDescriptor(
            owning: try ListeningSocket.group(SocketAddress(ipv4: (127, 0, 0, 1), port: 0), count: 1)[0])
        try worker.listen(on: socket, for: shared.plan.configuration.listeners[0])
        try loop.run()
    }
}
