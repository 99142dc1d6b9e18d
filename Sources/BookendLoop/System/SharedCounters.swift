import Synchronization

/// Counters that several threads change, each with a limit that it need not have, and on cache lines of its own, so that
/// two busy servers do not slow each other down.
public final class SharedCounters: Sendable {
    /// Two cache lines: the prefetcher of x86 fetches them in pairs.
    private static let stride = 128

    /// The counters without their owner, for the hot path of whoever keeps the owner alive: several threads that count
    /// references to one object wait for each other.
    public struct Cells: Sendable {
        // Holds atomics only, for as long as the owner lives.
        nonisolated(unsafe) fileprivate let memory: UnsafeMutableRawPointer
        public let count: Int

        public func value(_ index: Int) -> Int {
            cell(index).pointee.load(ordering: .relaxed)
        }

        public func increment(_ index: Int) {
            cell(index).pointee.add(1, ordering: .relaxed)
        }

        /// For a counter that one thread alone changes.
        public func set(_ value: Int, of index: Int) {
            cell(index).pointee.store(value, ordering: .sequentiallyConsistent)
        }

        /// Counts one more, unless there are as many as may be: then it gives false.
        public func take(_ index: Int) -> Bool {
            let (old, _) = cell(index).pointee.add(1, ordering: .sequentiallyConsistent)
            if old < limit(index) { return true }
            decrement(index)
            return false
        }

        public func limit(_ index: Int) -> Int {
            limitCell(index).pointee.load(ordering: .relaxed)
        }

        public func setLimit(_ limit: Int, of index: Int) {
            limitCell(index).pointee.store(limit, ordering: .relaxed)
        }

        public func decrement(_ index: Int) {
            let (old, _) = cell(index).pointee.subtract(1, ordering: .sequentiallyConsistent)
            assert(old > 0, "counted down more often than up")
        }

        private func cell(_ index: Int) -> UnsafeMutablePointer<Atomic<Int>> {
            precondition(index >= 0 && index < count, "no such counter")
            return (memory + index * SharedCounters.stride).assumingMemoryBound(to: Atomic<Int>.self)
        }

        /// On the cache line of its counter: whoever reads one reads the other.
        private func limitCell(_ index: Int) -> UnsafeMutablePointer<Atomic<Int>> {
            cell(index) + 1
        }
    }

    public let cells: Cells

    public init(count: Int) {
        let memory = UnsafeMutableRawPointer.allocate(byteCount: max(1, count) * Self.stride, alignment: Self.stride)
        for index in 0..<count {
            (memory + index * Self.stride).initializeMemory(as: Atomic<Int>.self, to: Atomic(0))
            (memory + index * Self.stride + MemoryLayout<Int>.size)
                .initializeMemory(as: Atomic<Int>.self, to: Atomic(.max))
        }
        cells = Cells(memory: memory, count: count)
    }

    deinit {
        cells.memory.deallocate()
    }

    public var count: Int { cells.count }

    public func value(_ index: Int) -> Int { cells.value(index) }

    public func increment(_ index: Int) { cells.increment(index) }

    public func decrement(_ index: Int) { cells.decrement(index) }

    public func setLimit(_ limit: Int, of index: Int) { cells.setLimit(limit, of: index) }
}
