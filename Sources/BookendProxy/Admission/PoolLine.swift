import BookendConfig
import BookendCore
import BookendLoop

/// The requests of one pool that wait in one worker for a place on a server.
///
/// A place may become free in any worker. Whoever frees one gives it to its own line or, in proportion to how many wait
/// where, knocks at another worker.
final class PoolLine: EventSource {
    private unowned let worker: Worker
    private let pool: PoolID
    private let waiting: WaitingCounts.OfWorker
    private let mostWaiting: Int
    // Unchecked: the queue calls nothing back (measured: docs/performance.md).
    @exclusivity(unchecked) private var queue: PoolQueue<Exchange>

    /// - Parameter limit: as many may wait, unless `admission` says less.
    init(
        _ pool: PoolID, _ admission: Pool.Admission, limit: Int, _ waiting: WaitingCounts.OfWorker, of worker: Worker
    ) {
        self.worker = worker
        self.pool = pool
        self.waiting = waiting
        mostWaiting = limit
        queue = PoolQueue(
            limit: min(limit, admission.queue ?? limit), deadline: admission.deadline, at: worker.loop.now)
        super.init()
        worker.loop.add(self)
    }

    /// The configuration changed.
    func follow(_ admission: Pool.Admission) {
        queue.follow(limit: min(mostWaiting, admission.queue ?? mostWaiting), deadline: admission.deadline)
    }

    /// Nobody waits here any more, or ever will.
    func close() {
        worker.loop.remove(self)
    }

    /// A request that finds a place need not ask.
    var isOpen: Bool { queue.isEmpty && !queue.isOverloaded }
    var isEmpty: Bool { queue.isEmpty }
    var isOverloaded: Bool { queue.isOverloaded }
    /// A slow answer is better than a longer wait.
    var isPressed: Bool { queue.isPressed(at: worker.loop.now) }

    /// In overload a request waits no longer.
    func expect(_ answer: TimeSpan) {
        queue.expect(answer)
        update()
    }

    /// A request came while the line is not open. Why it is refused, or nil.
    func arrived(_ rank: Rank) -> Shed? {
        queue.answered(at: waiting.lastAnswer)
        return queue.arrived(rank, at: worker.loop.now)
    }

    /// A request found a place without waiting.
    func servedAtOnce() {
        queue.servedAtOnce(at: worker.loop.now)
    }

    /// Gives false when too many wait: it is refused.
    func enter(_ exchange: Exchange, _ rank: Rank) -> Bool {
        if let other = queue.displaced(by: rank, at: worker.loop.now) {
            other.ticket = nil
            other.shed(.full)
        }
        guard let ticket = queue.enter(exchange, rank, at: worker.loop.now) else { return false }
        exchange.ticket = ticket
        update()
        // A place that another worker freed just now was not offered here.
        worker.loop.resumeLater(self)
        return true
    }

    /// The client closed its side, with the request in line or at a server.
    func clientLeft(_ exchange: Exchange) {
        let now = worker.loop.now
        queue.clientLeft(after: exchange.ticket.map { queue.wait($0, at: now) } ?? exchange.waited, at: now)
        update()
    }

    func leave(_ exchange: Exchange) {
        guard let ticket = exchange.ticket else { return }
        exchange.ticket = nil
        queue.remove(ticket, at: worker.loop.now)
        update()
    }

    /// A request gave its place back.
    ///
    /// - Parameter wasAnswered: and not because its server was given up, or its client left.
    func placeFreed(wasAnswered: Bool, using random: inout SeededRandom) {
        if wasAnswered { waiting.answered(at: worker.loop.now) }
        if let other = waiting.other(using: &random) { worker.knock(at: other, for: pool) } else { serveSoon() }
    }

    /// Another worker freed a place. Whoever waited here may have left meanwhile: then it is somebody else's.
    func knocked(using random: inout SeededRandom) {
        if queue.isEmpty, let other = waiting.other(using: &random) { worker.knock(at: other, for: pool) }
        serveSoon()
    }

    /// There may be more places than there were.
    func serveSoon() {
        if !queue.isEmpty { worker.loop.resumeLater(self) }
    }

    override func resumed() {
        serve()
    }

    override func deadlinePassed() {
        serve()
    }

    private func serve() {
        queue.answered(at: waiting.lastAnswer)
        while let exchange = queue.overdue(at: worker.loop.now) {
            exchange.ticket = nil
            exchange.shed(.late)
        }
        while let (ticket, exchange) = queue.next(at: worker.loop.now) {
            guard !(queue.isLate(at: worker.loop.now) && exchange.clientHasLeft) else {
                exchange.abort(.clientGone)
                continue
            }
            guard give(exchange, ticket) else { break }
        }
        update()
    }

    /// False when there is no place.
    private func give(_ exchange: Exchange, _ ticket: WaitingTicket) -> Bool {
        switch exchange.takePlace() {
        case .full: return false
        case .server(let server, let why):
            exchange.waited = queue.wait(ticket, at: worker.loop.now)
            queue.served(ticket, at: worker.loop.now)
            exchange.ticket = nil
            exchange.take(server, why)
        case .nobody:
            leave(exchange)
            exchange.answer(.noServer)
        }
        return true
    }

    /// Says how many wait here, and wakes up when the next one has waited too long.
    private func update() {
        waiting.set(queue.count)
        worker.loop.setDeadline(queue.nextOverdue(after: worker.loop.now) ?? .distantFuture, for: self)
    }
}
