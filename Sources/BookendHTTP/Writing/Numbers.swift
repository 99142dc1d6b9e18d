extension OutputSpan<UInt8> {
    /// At most 20 bytes.
    public mutating func appendDecimal(_ value: UInt64) { append(value, base: 10) }

    /// Lower case, without leading zeros; at most 16 bytes.
    public mutating func appendHex(_ value: UInt64) { append(value, base: 16) }

    /// Lower case, with leading zeros: 16 bytes.
    public mutating func appendHexDigits(_ value: UInt64) {
        append(word: Self.hexDigits(of: UInt32(truncatingIfNeeded: value >> 32)))
        append(word: Self.hexDigits(of: UInt32(truncatingIfNeeded: value)))
    }

    /// Eight digits at once, the first in the lowest byte: every nibble into a byte of its own, then to its letter.
    private static func hexDigits(of value: UInt32) -> UInt64 {
        var nibbles = UInt64(value.byteSwapped)
        nibbles = (nibbles | nibbles << 16) & 0x0000_FFFF_0000_FFFF
        nibbles = (nibbles | nibbles << 8) & 0x00FF_00FF_00FF_00FF
        nibbles = (nibbles & 0x000F_000F_000F_000F) << 8 | (nibbles >> 4) & 0x000F_000F_000F_000F
        // 1 where a nibble is 10 or more.
        let letters = ((nibbles &+ 0x0606_0606_0606_0606) >> 4) & 0x0101_0101_0101_0101
        return nibbles &+ 0x3030_3030_3030_3030 &+ letters &* 0x27
    }

    private mutating func append(_ value: UInt64, base: UInt64) {
        var digits: InlineArray<20, UInt8> = .init(repeating: 0)
        var rest = value
        var first = 20
        repeat {
            first &-= 1
            let digit = UInt8(truncatingIfNeeded: rest % base)
            digits[first] = digit < 10 ? digit &+ 0x30 : digit &+ 0x57
            rest /= base
        } while rest > 0
        append(digits.span, first, 20)
    }
}
