import Glibc
import Synchronization
import Testing

@Suite("A worker process that dies", .serialized)
struct RestartTests {
    private func yaml(_ origin: Origin) -> String {
        """
        workers: 2
        listen: 127.0.0.1:0
        servers: { a: \(origin.address) }
        """
    }

    @Test("After kill -9 under load Bookend serves again within 100 ms")
    func killed() async throws {
        try await Stage.run(alone: true) { stage in
            let origin = try stage.origin()
            let bookend = try stage.bookend(yaml: yaml(origin), mayDie: true)
            let load = try (0..<2).map { _ in try Load(bookend.port) }
            defer { for one in load { one.end() } }
            try eventually("the load runs") { load.allSatisfy { $0.answers > 50 } }
            var took: [Double] = []
            var last: pid_t = 0
            for _ in 0..<3 {
                last = try bookend.killWorker(after: last)
                let began = secondsNow()
                try eventually("it serves again") { (try? bookend.ask().status) == 200 }
                took.append(secondsNow() - began)
                #expect(bookend.worker != last)
                #expect(bookend.program.errors.contains("worker process \(last) was killed by signal 9"))
            }
            print("serving again after kill -9, ms:", took.map { Int($0 * 1_000) })
            // The median, because whatever else the machine does comes on top.
            #expect(took.sorted()[1] < 0.1, "\(took) s")
            let before = load.map(\.answers)
            try eventually("the load goes on") { zip(load, before).allSatisfy { $0.answers > $1 + 50 } }
        }
    }

    @Test("Another one follows also where whoever started Bookend had children's ends thrown away")
    func ignoredChildren() async throws {
        try await Stage.run { stage in
            let bookend = try stage.bookend(
                yaml: yaml(try stage.origin()), prefix: ["/usr/bin/env", "--ignore-signal=CHLD"], mayDie: true)
            _ = try bookend.killWorker(after: 0)
            try eventually("it serves again") { (try? bookend.ask().status) == 200 }
        }
    }

    @Test("No connection attempt is refused meanwhile: they wait in the kernel's queue")
    func notRefused() async throws {
        try await Stage.run { stage in
            let bookend = try stage.bookend(yaml: yaml(try stage.origin()), mayDie: true)
            var last: pid_t = 0
            for _ in 0..<2 {
                last = try bookend.killWorker(after: last)
                for _ in 0..<10 {
                    let client = try bookend.connect()
                    try client.send(get())
                    // What the dead process had accepted is lost with it; what waited is served.
                    if let response = try? client.response() { #expect(response.status == 200) }
                }
            }
        }
    }

    @Test("One that keeps dying is started ever later, and the supervisor says when")
    func backsOff() async throws {
        try await Stage.run { stage in
            let bookend = try stage.bookend(yaml: yaml(try stage.origin()), mayDie: true)
            var last: pid_t = 0
            for _ in 0..<6 { last = try bookend.killWorker(after: last) }
            try eventually("the delays are said") {
                let errors = bookend.program.errors
                return errors.contains("at once") && errors.contains("in 100ms") && errors.contains("in 400ms")
            }
            try eventually("it serves again") { (try? bookend.ask().status) == 200 }
            bookend.program.send(SIGTERM)
            #expect(try bookend.program.exitCode(within: 10) == 0)
        }
    }

    @Test("Told to stop while it waits to start another, it stops")
    func stopsWhileWaiting() async throws {
        try await Stage.run { stage in
            let bookend = try stage.bookend(yaml: yaml(try stage.origin()), mayDie: true)
            var last: pid_t = 0
            for _ in 0..<7 { last = try bookend.killWorker(after: last) }
            try eventually("it waits") { bookend.program.errors.contains("in 800ms") }
            bookend.program.send(SIGTERM)
            #expect(try bookend.program.exitCode(within: 5) == 0)
        }
    }

    @Test("The worker process does not outlive its supervisor")
    func orphan() async throws {
        try await Stage.run { stage in
            let bookend = try stage.bookend(yaml: yaml(try stage.origin()), mayDie: true)
            let worker = bookend.worker
            bookend.program.send(SIGKILL)
            try eventually("the worker has ended") { !fileExists("/proc/\(worker)/exe") }
        }
    }
}

/// One client that asks again and again, over new connections when one is lost.
private final class Load: Sendable {
    private let count = Atomic(0)
    private let watch = Mutex<Watch?>(nil)

    var answers: Int { count.load(ordering: .relaxed) }

    init(_ port: UInt16) throws {
        watch.withLock { watch in
            watch = Watch { [count = Counted(self)] in
                guard let client = try? Connection(to: port) else { return }
                for _ in 0..<20 {
                    guard (try? client.send(get())) != nil, (try? client.response()) != nil else { return }
                    count.add()
                }
            }
        }
    }

    func end() {
        watch.withLock { $0?.end() }
    }

    private struct Counted: Sendable {
        weak let load: Load?
        init(_ load: Load) { self.load = load }
        func add() { load?.count.add(1, ordering: .relaxed) }
    }
}
