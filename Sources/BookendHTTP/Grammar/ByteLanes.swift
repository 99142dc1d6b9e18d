/// Eight bytes in a machine word, looked at together. Swift's `SIMD16` compiles its comparisons lane by lane on plain
/// x86-64, which costs ten times as much (measured with callgrind).
///
/// A test returns a word in which the high bit of a byte says that this byte passes. `first` is then the lowest.
struct ByteLanes {
    let word: UInt64

    /// The eight bytes from `start`; there must be as many.
    @inline(__always)
    init(_ bytes: Span<UInt8>, at start: Int) {
        word = UInt64(littleEndian: bytes.bytes.unsafeLoadUnaligned(fromByteOffset: start, as: UInt64.self))
    }

    /// The index of the lowest byte that passes, or 8.
    @inline(__always)
    static func first(_ passed: UInt64) -> Int { passed.trailingZeroBitCount &>> 3 }

    /// Bytes below `limit`, at most 0x80. Bytes above the lowest that passes may be reported wrongly.
    @inline(__always)
    func below(_ limit: UInt8) -> UInt64 { (word &- Self.all(limit)) & ~word & Self.highBits }

    /// Bytes equal to `byte`. Bytes above the lowest that passes may be reported wrongly.
    @inline(__always)
    func equal(to byte: UInt8) -> UInt64 {
        let difference = word ^ Self.all(byte)
        return (difference &- Self.all(1)) & ~difference & Self.highBits
    }

    /// Bytes that are neither an ASCII letter nor `-`. Exact.
    @inline(__always)
    var notLetterOrDash: UInt64 {
        let lower = (word | Self.all(0x20)) & Self.lowBits
        let letter = (lower &+ Self.all(0x80 - 0x61)) & ~(lower &+ Self.all(0x80 - 0x7B))
        let difference = (word ^ Self.all(0x2D)) & Self.lowBits
        let dash = ~(difference &+ Self.lowBits)
        return ~((letter | dash) & ~word) & Self.highBits
    }

    @inline(__always)
    private static func all(_ byte: UInt8) -> UInt64 { 0x0101_0101_0101_0101 &* UInt64(byte) }

    private static var highBits: UInt64 { 0x8080_8080_8080_8080 }
    private static var lowBits: UInt64 { 0x7F7F_7F7F_7F7F_7F7F }
}
