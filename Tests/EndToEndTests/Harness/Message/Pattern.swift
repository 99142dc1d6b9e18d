import Glibc

/// Bytes to send in any amount, whose every loss, doubling or exchange shows: a block of random bytes whose length no
/// buffer has, again and again.
struct Pattern {
    private static let period = 65_521
    /// Twice over, so that any window of one period is in one piece.
    private static let block: [UInt8] = {
        var random = SystemRandomNumberGenerator()
        let once = (0..<period).map { _ in UInt8.random(in: 0...255, using: &random) }
        return once + once
    }()

    private(set) var position = 0

    /// The next bytes.
    mutating func next(_ count: Int) -> [UInt8] {
        let start = position % Self.period
        let taken = min(count, Self.period)
        position += taken
        return Array(Self.block[start..<start + taken])
    }

    /// Whether those are the next bytes.
    mutating func takes(_ bytes: [UInt8]) -> Bool {
        var offset = 0
        while offset < bytes.count {
            let start = position % Self.period
            let count = min(bytes.count - offset, Self.period)
            let isSame = bytes.withUnsafeBytes { given in
                Self.block.withUnsafeBytes { memcmp(given.baseAddress! + offset, $0.baseAddress! + start, count) == 0 }
            }
            guard isSame else { return false }
            offset += count
            position += count
        }
        return true
    }
}
