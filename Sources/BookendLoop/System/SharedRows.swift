import Synchronization

/// Rows of counters, each written by one thread alone and read by any: a count costs a load and a store, no lock and no
/// locked instruction. Each row has cache lines of its own.
public final class SharedRows: Sendable {
    /// Counters of a row.
    public static let columns = 16
    private static let stride = columns * 8

    /// The rows without their owner, for the hot path of whoever keeps the owner alive.
    public struct Cells: Sendable {
        // Holds atomics only, for as long as the owner lives.
        nonisolated(unsafe) fileprivate let memory: UnsafeMutableRawPointer
        public let count: Int

        public func value(_ row: Int, _ column: Int) -> UInt64 {
            cell(row, column).pointee.load(ordering: .relaxed)
        }

        /// By the row's own thread only.
        public func add(_ amount: UInt64, to row: Int, _ column: Int) {
            let cell = cell(row, column)
            cell.pointee.store(cell.pointee.load(ordering: .relaxed) &+ amount, ordering: .relaxed)
        }

        /// By the row's own thread only.
        public func set(_ value: UInt64, of row: Int, _ column: Int) {
            cell(row, column).pointee.store(value, ordering: .relaxed)
        }

        private func cell(_ row: Int, _ column: Int) -> UnsafeMutablePointer<Atomic<UInt64>> {
            precondition(row >= 0 && row < count && column >= 0 && column < SharedRows.columns, "no such counter")
            return (memory + row * SharedRows.stride + column * 8).assumingMemoryBound(to: Atomic<UInt64>.self)
        }
    }

    public let cells: Cells

    public init(count: Int) {
        let memory = UnsafeMutableRawPointer.allocate(byteCount: max(1, count) * Self.stride, alignment: Self.stride)
        for index in 0..<count * Self.columns {
            (memory + index * 8).initializeMemory(as: Atomic<UInt64>.self, to: Atomic(0))
        }
        cells = Cells(memory: memory, count: count)
    }

    deinit {
        cells.memory.deallocate()
    }
}
