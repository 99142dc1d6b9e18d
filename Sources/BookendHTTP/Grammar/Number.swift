/// Numbers as they travel in messages: digits only, checked for overflow (rule 1).
enum Number {
    /// `1*DIGIT`, at most `Int64.max`, so that sums of two lengths cannot overflow either. Nil for anything else:
    /// nothing, a sign, a space, hexadecimal, too large.
    static func decimal(_ slice: Slice, in bytes: Span<UInt8>) -> UInt64? {
        guard !slice.isEmpty else { return nil }
        var value: UInt64 = 0
        for index in slice.range {
            let digit = bytes[index] &- 0x30
            guard digit < 10 else { return nil }
            let (shifted, over) = value.multipliedReportingOverflow(by: 10)
            let (sum, carry) = shifted.addingReportingOverflow(UInt64(digit))
            guard !over, !carry, sum <= UInt64(Int64.max) else { return nil }
            value = sum
        }
        return value
    }
}
