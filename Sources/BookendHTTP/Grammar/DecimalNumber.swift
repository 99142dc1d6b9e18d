/// A number as JSON and most programs write it: `0.3`, `7e-05`, `-1`.
enum DecimalNumber {
    /// Digits of an exponent that can matter: beyond, it is nothing or endless.
    private static let largestExponent = 400

    /// Reads at `position`, which moves past it. Nil for what is no number, or too large for one.
    static func read(_ bytes: Span<UInt8>, from position: inout Int, to end: Int) -> Double? {
        let isNegative = position < end && bytes[position] == UInt8(ascii: "-")
        if isNegative { position &+= 1 }
        var value = 0.0
        var exponent = 0
        let whole = digits(bytes, &position, end) { value = value * 10 + Double($0) }
        guard whole > 0 else { return nil }
        if position < end, bytes[position] == UInt8(ascii: ".") {
            position &+= 1
            let decimals = digits(bytes, &position, end) { value = value * 10 + Double($0) }
            guard decimals > 0 else { return nil }
            exponent = -decimals
        }
        if position < end, bytes[position] | 0x20 == UInt8(ascii: "e") {
            position &+= 1
            guard let given = readExponent(bytes, &position, end) else { return nil }
            exponent = max(-largestExponent, min(largestExponent, exponent + given))
        }
        while exponent > 0 {
            value *= 10
            exponent -= 1
        }
        // At once, because dividing step by step loses digits.
        var divisor = 1.0
        while exponent < 0, divisor.isFinite {
            divisor *= 10
            exponent += 1
        }
        value = value.isFinite ? value / divisor : value
        guard value.isFinite else { return nil }
        return isNegative ? -value : value
    }

    private static func readExponent(_ bytes: Span<UInt8>, _ position: inout Int, _ end: Int) -> Int? {
        var isNegative = false
        if position < end, bytes[position] == UInt8(ascii: "-") || bytes[position] == UInt8(ascii: "+") {
            isNegative = bytes[position] == UInt8(ascii: "-")
            position &+= 1
        }
        var value = 0
        let count = digits(bytes, &position, end) { value = min(2 * largestExponent, value * 10 + Int($0)) }
        guard count > 0 else { return nil }
        return isNegative ? -value : value
    }

    /// How many there were.
    private static func digits(
        _ bytes: Span<UInt8>, _ position: inout Int, _ end: Int, _ take: (UInt8) -> Void
    ) -> Int {
        let start = position
        while position < end, bytes[position].isDigit {
            take(bytes[position] &- 0x30)
            position &+= 1
        }
        return position &- start
    }
}
