/// Where a part of a message lies in the bytes it was parsed from: offsets, because a function cannot return a span.
@frozen
public struct Slice: Equatable, Sendable {
    /// Offset of the first byte.
    public var start: UInt32
    /// Length in bytes.
    public var count: UInt32

    @inlinable
    public init(start: UInt32, count: UInt32) {
        self.start = start
        self.count = count
    }

    /// No bytes, at the beginning.
    @inlinable
    public static var empty: Slice { Slice(start: 0, count: 0) }

    /// Offset of the byte after the last. Cannot overflow: an `Int` holds the sum of two 32-bit numbers.
    @inlinable
    public var end: Int { Int(start) &+ Int(count) }

    @inlinable
    public var range: Range<Int> { Int(start)..<end }

    @inlinable
    public var isEmpty: Bool { count == 0 }

    /// From offsets inside a head or a buffer, both known to be below 2^32 (`HeadLimits`, `BodyDecoder.next`).
    init(_ start: Int, _ end: Int) {
        assert(start >= 0 && start <= end && end <= Int(UInt32.max))
        self.start = UInt32(truncatingIfNeeded: start)
        self.count = UInt32(truncatingIfNeeded: end &- start)
    }
}
