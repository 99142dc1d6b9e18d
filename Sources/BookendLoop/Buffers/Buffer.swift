/// Bytes on their way: appended at the end, consumed at the front. Holds memory from a pool only while it has to; the
/// memory goes back when the buffer is released or dropped.
///
/// A class with one owner, not a structure: its methods touch its own plain fields only, so none of them needs a check
/// for exclusive access at run time, which a structure inside of a connection would need for every call
/// (docs/performance.md).
public final class Buffer {
    private var memory: UnsafeMutableRawPointer?
    private var pool: Unmanaged<BufferPool>?
    private var start: UInt32 = 0
    private var end: UInt32 = 0
    private var size = BufferSize.tiny

    /// Without memory.
    public init() {}

    deinit {
        giveBack()
    }

    /// Bytes that wait to be consumed.
    public var count: Int { Int(end &- start) }
    public var isEmpty: Bool { start == end }
    public var hasMemory: Bool { memory != nil }
    public var capacity: Int { memory == nil ? 0 : size.bytes }
    /// Bytes that can be appended without moving anything.
    public var freeCapacity: Int { capacity - Int(end) }

    /// Makes sure that `bytes` can be appended: takes memory, moves the content to the front, or to larger memory.
    /// False when no buffer is that large.
    @discardableResult
    public func reserve(_ bytes: Int, from pool: BufferPool) -> Bool {
        if freeCapacity >= bytes { return true }
        // Compared first: `bytes` may be what a peer announced, and the sum overflow.
        guard bytes <= BufferSize.huge.bytes, let needed = BufferSize(holding: count + bytes) else { return false }
        if memory != nil, size >= needed {
            moveToFront()
        } else {
            move(to: needed, from: pool)
        }
        return true
    }

    /// Moves a small content out of a large memory: what waits long is to cost little.
    public func fit(from pool: BufferPool) {
        guard let fitting = BufferSize(holding: count + 1), memory != nil, fitting < size else { return }
        move(to: fitting, from: pool)
    }

    /// Gives the memory back, with whatever it still held.
    public func release() {
        guard memory != nil else { return }
        giveBack()
        memory = nil
        start = 0
        end = 0
    }

    public func consume(_ bytes: Int) {
        precondition(bytes >= 0 && bytes <= count, "only what is there can be consumed")
        start &+= UInt32(truncatingIfNeeded: bytes)
        if start == end {
            start = 0
            end = 0
        }
    }

    public func withBytes<Result, Failure: Error>(
        _ body: (Span<UInt8>) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try body(Span(_unsafeBytes: readable))
    }

    /// Appends what `body` writes; `body` sees the memory that is free.
    public func append<Failure: Error>(
        _ body: (inout OutputSpan<UInt8>) throws(Failure) -> Void
    ) throws(Failure) {
        let free = UnsafeMutableBufferPointer(
            start: memory?.advanced(by: Int(end)).assumingMemoryBound(to: UInt8.self), count: freeCapacity)
        var output = OutputSpan(buffer: free, initializedCount: 0)
        try body(&output)
        end &+= UInt32(truncatingIfNeeded: output.finalize(for: free))
    }

    var readable: UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(start: memory?.advanced(by: Int(start)), count: count)
    }

    var writable: UnsafeMutableRawBufferPointer {
        UnsafeMutableRawBufferPointer(start: memory?.advanced(by: Int(end)), count: freeCapacity)
    }

    func wasFilled(by bytes: Int) {
        precondition(bytes >= 0 && bytes <= freeCapacity, "a read cannot give more than it was offered")
        end &+= UInt32(truncatingIfNeeded: bytes)
    }

    private func moveToFront() {
        guard let memory, start > 0 else { return }
        memory.copyMemory(from: memory + Int(start), byteCount: count)
        end &-= start
        start = 0
    }

    private func move(to newSize: BufferSize, from pool: BufferPool) {
        let larger = pool.take(newSize)
        if let memory { larger.copyMemory(from: memory + Int(start), byteCount: count) }
        giveBack()
        memory = larger
        self.pool = Unmanaged.passUnretained(pool)
        size = newSize
        end &-= start
        start = 0
    }

    private func giveBack() {
        guard let memory, let pool else { return }
        pool._withUnsafeGuaranteedRef { $0.give(memory, size) }
    }
}
