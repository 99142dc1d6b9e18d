import BookendCore
import BookendHTTP

/// 128 random bits that name a request, as 32 hexadecimal digits: what a client quotes, and what the log lines of
/// Bookend and of the server have in common.
struct RandomRequestID {
    private var high: UInt64
    private var low: UInt64

    static let length = 32

    init(using random: inout SeededRandom) {
        high = random.next()
        low = random.next()
    }

    func append(to output: inout OutputSpan<UInt8>) {
        output.appendHexDigits(high)
        output.appendHexDigits(low)
    }
}

extension OutputSpan<UInt8> {
    /// The lowest four bits.
    mutating func appendHexDigit(_ value: some BinaryInteger) {
        let digit = UInt8(truncatingIfNeeded: value) & 0xF
        append(digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") + digit - 10)
    }
}
