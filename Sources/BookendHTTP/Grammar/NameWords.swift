/// Up to 24 bytes of a name as three machine words, so that comparing it to a known name is three comparisons.
struct NameWords {
    private let first: UInt64
    private let second: UInt64
    private let third: UInt64

    /// ASCII letters folded to lower case by setting bit 5 of every byte. That is exact for comparing a token with a
    /// name made of lower-case letters and `-`: no other token byte becomes one of these.
    @inline(__always)
    init(folding slice: Slice, in bytes: Span<UInt8>) {
        let count = Int(slice.count)
        let start = Int(slice.start)
        first = Self.word(bytes, start, count) | Self.fold
        second = count > 8 ? Self.word(bytes, start &+ 8, count &- 8) | Self.fold : Self.fold
        third = count > 16 ? Self.word(bytes, start &+ 16, count &- 16) | Self.fold : Self.fold
    }

    /// The bytes as they are, at most 8 of them.
    @inline(__always)
    init(exactly slice: Slice, in bytes: Span<UInt8>) {
        first = Self.word(bytes, Int(slice.start), Int(slice.count))
        second = Self.fold
        third = Self.fold
    }

    /// Compares with a name in lower case whose length is known to be the same.
    @inline(__always)
    func folds(to name: StaticString) -> Bool {
        let count = name.utf8CodeUnitCount
        return first == Self.constant(name, 0) | Self.fold
            && (count <= 8 || second == Self.constant(name, 8) | Self.fold)
            && (count <= 16 || third == Self.constant(name, 16) | Self.fold)
    }

    /// Compares with a name of at most 8 bytes whose length is known to be the same.
    @inline(__always)
    func equals(_ name: StaticString) -> Bool { first == Self.constant(name, 0) }

    private static var fold: UInt64 { 0x2020_2020_2020_2020 }

    /// Little-endian word of up to 8 bytes, zero beyond `count`.
    @inline(__always)
    private static func word(_ bytes: Span<UInt8>, _ start: Int, _ count: Int) -> UInt64 {
        if start &+ 8 <= bytes.count {
            let word = UInt64(
                littleEndian: bytes.bytes.unsafeLoadUnaligned(fromByteOffset: start, as: UInt64.self))
            return count >= 8 ? word : word & ((1 &<< UInt64(truncatingIfNeeded: count &* 8)) &- 1)
        }
        var word: UInt64 = 0
        for offset in 0..<min(count, 8) {
            word |= UInt64(bytes[start &+ offset]) &<< UInt64(truncatingIfNeeded: offset &* 8)
        }
        return word
    }

    /// The same for a literal; folds to a number when compiled.
    @inline(__always)
    private static func constant(_ name: StaticString, _ start: Int) -> UInt64 {
        var word: UInt64 = 0
        var offset = 0
        while offset < 8, start &+ offset < name.utf8CodeUnitCount {
            word |= UInt64(name.utf8Start[start &+ offset]) &<< UInt64(truncatingIfNeeded: offset &* 8)
            offset &+= 1
        }
        return word
    }
}
