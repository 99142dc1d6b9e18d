/// Walks the elements of a comma-separated value (RFC 9110, section 5.6.1): white space around them and empty elements
/// are skipped. For lists of tokens such as `Connection`; quoted strings are not looked at.
public struct ListElements {
    private var at: Int
    private let end: Int

    public init(_ value: Slice) {
        at = Int(value.start)
        end = value.end
    }

    /// The next element, or nil after the last. `bytes` are the ones that the value was parsed from.
    public mutating func next(in bytes: Span<UInt8>) -> Slice? {
        while at < end {
            let comma = Scan.first(UInt8(ascii: ","), in: bytes, from: at, to: end)
            let element = bytes.trimmed(at, comma)
            at = comma &+ 1
            if !element.isEmpty { return element }
        }
        return nil
    }
}

extension Span<UInt8> {
    /// `start..<end` without white space at either end.
    @inline(__always)
    func trimmed(_ start: Int, _ end: Int) -> Slice {
        var start = start
        var end = end
        while start < end, self[start].isWhitespace { start &+= 1 }
        while end > start, self[end &- 1].isWhitespace { end &-= 1 }
        return Slice(start, end)
    }

    /// Equal to a name in lower case, letters compared without case. For ASCII names of letters, digits and `-`.
    func equals(_ slice: Slice, ignoringCase name: StaticString) -> Bool {
        guard Int(slice.count) == name.utf8CodeUnitCount else { return false }
        for offset in 0..<Int(slice.count) {
            let byte = self[Int(slice.start) &+ offset]
            let lower = byte &- 0x41 < 26 ? byte | 0x20 : byte
            if lower != name.utf8Start[offset] { return false }
        }
        return true
    }

    /// The same with a name that is known only when the program runs, in lower case.
    public func equals(_ slice: Slice, ignoringCase name: Span<UInt8>) -> Bool {
        guard Int(slice.count) == name.count else { return false }
        for offset in 0..<name.count {
            let byte = self[Int(slice.start) &+ offset]
            let lower = byte &- 0x41 < 26 ? byte | 0x20 : byte
            if lower != name[offset] { return false }
        }
        return true
    }

    /// Two parts equal, letters compared without case.
    func equals(_ one: Slice, ignoringCase other: Slice) -> Bool {
        guard one.count == other.count else { return false }
        for offset in 0..<Int(one.count) {
            let left = self[Int(one.start) &+ offset]
            let right = self[Int(other.start) &+ offset]
            if left != right, left ^ right != 0x20 || !left.isLetter { return false }
        }
        return true
    }
}
