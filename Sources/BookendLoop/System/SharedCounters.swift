import Synchronization

/// Counters that several threads change, each on cache lines of its own, so that two busy servers do not slow each
/// other down.
public final class SharedCounters: Sendable {
    /// Two cache lines: the prefetcher of x86 fetches them in pairs.
    private static let stride = 128

    // Holds atomics only, for as long as this object lives.
    nonisolated(unsafe) private let memory: UnsafeMutableRawPointer
    public let count: Int

    public init(count: Int) {
        self.count = count
        memory = .allocate(byteCount: max(1, count) * Self.stride, alignment: Self.stride)
        for index in 0..<count {
            (memory + index * Self.stride).initializeMemory(as: Atomic<Int>.self, to: Atomic(0))
        }
    }

    deinit {
        memory.deallocate()
    }

    public func value(_ index: Int) -> Int {
        counter(index).pointee.load(ordering: .relaxed)
    }

    public func increment(_ index: Int) {
        counter(index).pointee.add(1, ordering: .relaxed)
    }

    public func decrement(_ index: Int) {
        let (old, _) = counter(index).pointee.subtract(1, ordering: .relaxed)
        assert(old > 0, "counted down more often than up")
    }

    private func counter(_ index: Int) -> UnsafeMutablePointer<Atomic<Int>> {
        precondition(index >= 0 && index < count, "no such counter")
        return (memory + index * Self.stride).assumingMemoryBound(to: Atomic<Int>.self)
    }
}
