import BookendCore
package import BookendLoop
import Synchronization

/// What lasts: the journal, the leases and what is known of the servers, in one file under `state:`.
///
/// Nobody waits for the disk: what the store is told holds at once, in memory, and goes to the file by a thread of its own.
/// While the disk takes nothing, serving goes on, and what changes waits here.
package final class Store: Sendable {
    private let state: Mutex<StoreState>
    private let wake: WakeUp
    private let loaded: WakeUp
    private let ended: WakeUp
    private let told: @Sendable (StoreNote) -> Void

    /// - Parameters:
    ///   - folder: of Bookend's state; made when it is not there.
    ///   - told: takes what is to be said of it, from the store's own thread.
    package init(in folder: String, told: @escaping @Sendable (StoreNote) -> Void) throws(Errno) {
        let path = StoreFile.path(in: folder)
        state = Mutex(StoreState(path: path, at: .now))
        wake = try WakeUp()
        loaded = try WakeUp()
        ended = try WakeUp()
        self.told = told
        _ = try Thread.start("store") { [self] in
            var writer = StoreWriter(path, self)
            writer.run()
            ended.signal()
        }
    }

    /// From any thread; never waits for the disk.
    ///
    /// - Parameter reply: called from any thread, must not wait.
    package func take(_ order: StoreOrder, reply: @escaping @Sendable (StoreReply) -> Void) {
        state.withLock { $0.take(order, reply) }
        wake.signal()
    }

    /// - Parameter entry: is given its number.
    /// - Returns: the entry.
    @discardableResult
    func write(_ entry: (Int64) -> Event) -> Event {
        let written = state.withLock { $0.write(entry) }
        wake.signal()
        return written
    }

    package var health: StoreHealth { state.withLock { $0.health } }

    /// Until the file was read, or cannot be; not for longer than a start may take.
    func waitUntilLoaded() {
        loaded.wait(atMost: StoreLimits.patienceAtStart)
    }

    /// From before a restart, and since, by pool and name.
    var servers: [String: ServerRecord] { state.withLock { $0.servers } }
    /// Those that hold.
    var leases: [LeaseRecord] { state.withLock { $0.leases.values.sorted { $0.key < $1.key } } }
    /// Whether what holds of that server's lease is on disk.
    func hasWritten(leaseOf key: String) -> Bool { state.withLock { !$0.unwritten.contains(key) } }
    /// When Bookend started or stopped last; nil when that is not known.
    var lastRun: Event? { state.withLock { $0.lastRun } }

    /// Writes what waits, if the disk takes it in time.
    package func finish() {
        state.withLock { $0.isStopped = true }
        wake.signal()
        ended.wait(atMost: StoreLimits.patienceAtEnd)
    }
}

// MARK: - For the thread that writes

extension Store {
    func withState<Result: Sendable>(_ work: (inout StoreState) -> Result) -> Result { state.withLock { work(&$0) } }

    /// Something is to be done, or `limit` is over.
    func waitForWork(atMost limit: TimeSpan) { wake.wait(atMost: limit) }

    func triedToLoad() { loaded.signal() }

    func tell(_ note: StoreNote) { told(note) }

    /// Says it once, and again when it is over.
    func turn(_ trouble: String?) {
        let (isNews, health) = state.withLock { ($0.turn(trouble, at: .now), $0.health) }
        guard isNews else { return }
        if let trouble {
            told(.trouble(path: health.path, trouble))
        } else {
            told(.over(path: health.path, lostEntries: health.lostEntries))
        }
    }
}
