/// Writing bytes. The caller has made sure of the room (`encodedBound`): too little of it is a mistake in Bookend, and
/// stops the program instead of writing past the end.
extension OutputSpan<UInt8> {
    /// All of `bytes`.
    @inlinable
    public mutating func append(_ bytes: Span<UInt8>) { append(bytes, 0, bytes.count) }

    /// A part of `bytes`, copied at once.
    @inlinable
    public mutating func append(_ slice: Slice, of bytes: Span<UInt8>) { append(bytes, Int(slice.start), slice.end) }

    /// A literal.
    @inlinable
    public mutating func append(_ text: StaticString) {
        let count = text.utf8CodeUnitCount
        precondition(freeCapacity >= count, "no room for what is written")
        withUnsafeMutableBufferPointer { buffer, written in
            guard let base = buffer.baseAddress else { return }
            (base + written).initialize(from: text.utf8Start, count: count)
            written &+= count
        }
    }

    /// Eight bytes, the lowest first.
    mutating func append(word: UInt64) {
        precondition(freeCapacity >= 8, "no room for what is written")
        withUnsafeMutableBufferPointer { buffer, written in
            guard let base = buffer.baseAddress else { return }
            UnsafeMutableRawPointer(base + written).storeBytes(of: word.littleEndian, as: UInt64.self)
            written &+= 8
        }
    }

    @inlinable
    mutating func append(_ bytes: Span<UInt8>, _ start: Int, _ end: Int) {
        let count = end &- start
        precondition(start >= 0 && count >= 0 && end <= bytes.count, "a slice lies in its bytes")
        precondition(freeCapacity >= count, "no room for what is written")
        withUnsafeMutableBufferPointer { buffer, written in
            bytes.withUnsafeBufferPointer { source in
                guard let base = buffer.baseAddress, let from = source.baseAddress else { return }
                (base + written).initialize(from: from + start, count: count)
                written &+= count
            }
        }
    }
}
