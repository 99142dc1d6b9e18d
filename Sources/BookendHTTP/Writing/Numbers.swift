extension OutputSpan<UInt8> {
    /// At most 20 bytes.
    public mutating func appendDecimal(_ value: UInt64) { append(value, base: 10) }

    /// Lower case, without leading zeros; at most 16 bytes.
    public mutating func appendHex(_ value: UInt64) { append(value, base: 16) }

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
