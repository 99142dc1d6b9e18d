public import BookendCore
import BookendHTTP
import BookendLoop

/// What the workers count of each server for the fleet's verdicts: read by the control plane while they count.
public struct SharedSigns: Sendable {
    fileprivate enum Column: Int {
        case answered, failed, whole, spoiled, connectFailures, logSum, logSquares, sent, settled
        case ended, latencySum, latencySquares
        /// Requests there, since when, and what all have spent there until then.
        case held, heldSince, slotTime
        /// A `LoadReport`.
        case load
    }

    private let rows: SharedRows
    private let servers: Int
    private let workers: Int

    public init(servers: Int, workers: Int) {
        self.servers = servers
        self.workers = workers
        rows = SharedRows(count: servers * workers)
    }

    /// Of one server, over all workers. Columns are read one after the other while workers count on: they may be one
    /// request apart.
    public func total(of server: Int, at now: Moment) -> Signs {
        var signs = Signs()
        for worker in 0..<workers {
            let row = worker * servers + server
            func value(_ column: Column) -> UInt64 { rows.cells.value(row, column.rawValue) }
            signs.answered &+= value(.answered)
            signs.failed &+= value(.failed)
            signs.spoiled &+= value(.spoiled)
            signs.connectFailures &+= value(.connectFailures)
            signs.logSum &+= value(.logSum)
            signs.logSquares &+= value(.logSquares)
            signs.whole &+= value(.whole)
            signs.ended &+= value(.ended)
            signs.latencySum &+= value(.latencySum)
            signs.latencySquares &+= value(.latencySquares)
            let held = value(.held)
            let since = Moment(nanoseconds: value(.heldSince))
            signs.slotTime &+= value(.slotTime) &+ held &* UInt64((now - since).nanoseconds)
            // In this order, so that what is counted meanwhile cannot make it negative.
            let settled = value(.settled)
            signs.awaited += Int(clamping: value(.sent) &- settled)
        }
        return signs
    }

    /// What a worker has heard last of a server's load.
    public func load(of server: Int, worker: Int) -> LoadReport {
        LoadReport(word: rows.cells.value(worker * servers + server, Column.load.rawValue))
    }

    /// Heads of answers that a worker has seen, from all servers.
    public func answers(of worker: Int) -> UInt64 {
        (0..<servers).reduce(0) { sum, server in
            let row = worker * servers + server
            return sum &+ rows.cells.value(row, Column.answered.rawValue)
                &+ rows.cells.value(row, Column.failed.rawValue)
        }
    }

    func cells(of worker: Int) -> SignCells {
        SignCells(rows: rows.cells, owner: rows, first: worker * servers)
    }
}

/// The part of one worker, which alone writes it.
struct SignCells {
    fileprivate let rows: SharedRows.Cells
    fileprivate let owner: SharedRows
    fileprivate let first: Int

    /// A response's head came.
    func answered(_ server: ServerID, _ status: Int, after latency: TimeSpan) {
        guard status < 500 else { return add(1, server, .failed) }
        let log = LogLatency.of(latency)
        add(1, server, .answered)
        add(log, server, .logSum)
        add(log &* log, server, .logSquares)
    }

    /// A request was sent, and its answer is awaited.
    func sent(_ server: ServerID) {
        add(1, server, .sent)
    }

    /// The answer has begun, or is not awaited any more.
    func settled(_ server: ServerID) {
        add(1, server, .settled)
    }

    /// An answer below 500 came to its end.
    func finished(_ server: ServerID) {
        add(1, server, .whole)
    }

    /// The answer was late, broken, cut off or missing.
    func spoiled(_ server: ServerID) {
        add(1, server, .spoiled)
    }

    func connectFailed(_ server: ServerID) {
        add(1, server, .connectFailures)
    }

    /// It says how loaded it is.
    func reported(_ server: ServerID, _ metrics: LoadMetrics) {
        let row = first + server.index
        let last = LoadReport(word: rows.value(row, SharedSigns.Column.load.rawValue))
        rows.set(LoadReport(metrics, after: last).word, of: row, SharedSigns.Column.load.rawValue)
    }

    /// A request got its place.
    func began(_ server: ServerID, at now: Moment) {
        pass(server, to: now)
        add(1, server, .held)
    }

    /// A request gave up its place.
    func ended(_ server: ServerID, after span: TimeSpan, at now: Moment) {
        pass(server, to: now)
        let microseconds = UInt64(span.nanoseconds) / 1_000
        add(.max, server, .held)
        add(1, server, .ended)
        add(microseconds, server, .latencySum)
        add(microseconds &* microseconds, server, .latencySquares)
    }

    /// Counts what those there have spent since the last change.
    private func pass(_ server: ServerID, to now: Moment) {
        let row = first + server.index
        let held = rows.value(row, SharedSigns.Column.held.rawValue)
        let since = rows.value(row, SharedSigns.Column.heldSince.rawValue)
        let span = (now - Moment(nanoseconds: since)).nanoseconds
        add(held &* UInt64(span), server, .slotTime)
        rows.add(UInt64(span), to: row, SharedSigns.Column.heldSince.rawValue)
    }

    private func add(_ amount: UInt64, _ server: ServerID, _ column: SharedSigns.Column) {
        rows.add(amount, to: first + server.index, column.rawValue)
    }
}
