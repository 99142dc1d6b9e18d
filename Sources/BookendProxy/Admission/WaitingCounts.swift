import BookendCore
import BookendLoop

/// How many requests wait for a place, of each pool and in each worker, and when a server of the pool answered last.
public final class WaitingCounts: Sendable {
    private let counts: SharedCounters
    public let workers: Int

    public init(pools: Int, workers: Int) {
        counts = SharedCounters(count: pools * Self.cells(workers))
        self.workers = workers
    }

    /// Of one pool, over all workers.
    public func total(of pool: Int) -> Int {
        (0..<workers).reduce(0) { $0 + counts.value(index(pool, $1)) }
    }

    /// The worker's own count.
    public func value(of pool: Int, worker: Int) -> Int { counts.value(index(pool, worker)) }

    func part(of worker: Int, in pool: PoolID) -> OfWorker {
        OfWorker(
            cells: counts.cells, owner: counts, first: index(pool.index, 0), workers: workers, worker: worker)
    }

    /// For the question that is asked after every request, without its owner.
    var look: Look { Look(cells: counts.cells, workers: workers) }

    struct Look {
        fileprivate let cells: SharedCounters.Cells
        fileprivate let workers: Int

        /// Somebody waits in some worker.
        func anybody(in pool: PoolID) -> Bool { cells.value(pool.index * WaitingCounts.cells(workers) + workers) > 0 }
    }

    /// Of a pool: the workers' own counts, the number of workers in which somebody waits, the last answer.
    private static func cells(_ workers: Int) -> Int { workers + 2 }

    private func index(_ pool: Int, _ worker: Int) -> Int { pool * Self.cells(workers) + worker }

    /// As one worker sees it.
    struct OfWorker {
        fileprivate let cells: SharedCounters.Cells
        fileprivate let owner: SharedCounters
        /// Of this pool.
        fileprivate let first: Int
        fileprivate let workers: Int
        fileprivate let worker: Int

        func set(_ count: Int) {
            let before = cells.value(first + worker)
            guard count != before else { return }
            cells.set(count, of: first + worker)
            if before == 0 { cells.increment(first + workers) }
            if count == 0 { cells.decrement(first + workers) }
        }

        /// In which worker it was does not matter: two that wait for one server see half of its answers each.
        var lastAnswer: Moment { Moment(nanoseconds: UInt64(cells.value(first + workers + 1))) }

        func answered(at now: Moment) {
            cells.set(Int(now.nanoseconds), of: first + workers + 1)
        }

        /// Another worker whose turn it is to get a place, by how many wait where; nil when it is this one's.
        func other(using random: inout SeededRandom) -> Int? {
            var sum = 0
            for index in 0..<workers { sum += cells.value(first + index) }
            guard sum > cells.value(first + worker) else { return nil }
            var chosen = Int.random(in: 0..<sum, using: &random)
            var last: Int?
            for index in 0..<workers {
                let count = cells.value(first + index)
                chosen -= count
                if chosen < 0 { return index == worker ? nil : index }
                if count > 0, index != worker { last = index }
            }
            // Some have left meanwhile.
            return last
        }
    }
}
