import BookendConfig
import BookendCore
import BookendLoop
import BookendProxy
import Glibc
import Synchronization

/// A worker on a thread of its own.
struct WorkerThread: Sendable {
    private enum Command {
        case drain
        case apply([Standing])
        case tryOut(ServerID)
        case serve
        case knock(PoolID)
        case wait(PoolID, TimeSpan)
        case change(WorkerChange, done: @Sendable () -> Void)
        case answer(@Sendable () -> Void)
    }

    private let commands: Mailbox<Command>

    /// Starts to serve.
    ///
    /// - Parameters:
    ///   - sockets: one per listener, owned by this worker from now on.
    ///   - drained: called on the worker's thread when nothing is left after `drain`.
    init(_ index: Int, _ shared: Worker.Shared, sockets: [Int32], drained: @escaping @Sendable () -> Void) throws {
        let loop = try Loop()
        let worker = Worker(shared, index: index, on: loop, seed: Self.seed())
        for (listener, socket) in zip(shared.plan.configuration.listeners, sockets) {
            try worker.listen(on: FileDescriptor(owning: socket), for: listener)
        }
        commands = try Mailbox<Command>(on: loop) { [unowned worker] command in
            switch command {
            case .drain: worker.drain(drained)
            case .apply(let standings): worker.apply(standings)
            case .tryOut(let server): worker.tryOut(server)
            case .serve: worker.serve()
            case .knock(let pool): worker.knocked(for: pool)
            case .wait(let pool, let span): worker.wait(pool, atMost: span)
            case .change(let change, let done):
                do throws(Errno) { try worker.change(change) } catch { fatalError("epoll failed: \(error)") }
                done()
            case .answer(let heard): heard()
            }
        }
        let handedOver = HandedOver(worker)
        _ = try Thread.start("worker \(index)") {
            do throws(Errno) { try handedOver.value.loop.run() } catch { fatalError("epoll failed: \(error)") }
        }
    }

    func drain() {
        commands.post(.drain)
    }

    func apply(_ standings: [Standing]) {
        commands.post(.apply(standings))
    }

    func tryOut(_ server: ServerID) {
        commands.post(.tryOut(server))
    }

    /// There are places for those who wait.
    func serve() {
        commands.post(.serve)
    }

    /// Another worker freed a place of this pool.
    func knock(for pool: PoolID) {
        commands.post(.knock(pool))
    }

    func wait(_ pool: PoolID, atMost span: TimeSpan) {
        commands.post(.wait(pool, span))
    }

    /// - Parameter done: called on the worker's thread when it goes by the change, and has let go of what it does not need.
    func change(_ change: WorkerChange, done: @escaping @Sendable () -> Void) {
        commands.post(.change(change, done: done))
    }

    /// - Parameter heard: called on the worker's thread, when it gets to it.
    func answer(_ heard: @escaping @Sendable () -> Void) {
        commands.post(.answer(heard))
    }

    private static func seed() -> UInt64 {
        var random = SystemRandomNumberGenerator()
        return random.next()
    }
}

/// By which workers reach each other.
final class WorkerDoors: Sendable {
    private let workers = Mutex<[WorkerThread]>([])

    func open(_ workers: [WorkerThread]) {
        self.workers.withLock { $0 = workers }
    }

    /// From any thread: there is a place for those who wait in that worker.
    func knock(at worker: Int, for pool: PoolID) {
        workers.withLock { $0.indices.contains(worker) ? $0[worker] : nil }?.knock(for: pool)
    }
}

/// A value that one thread made and another uses from then on.
private struct HandedOver<Value>: @unchecked Sendable {
    let value: Value

    init(_ value: Value) {
        self.value = value
    }
}
