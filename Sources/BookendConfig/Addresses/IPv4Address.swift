/// An IPv4 address.
public struct IPv4Address: Hashable, Sendable {
    /// The address as a number: 127.0.0.1 is 0x7F00_0001.
    public let bits: UInt32

    public init(bits: UInt32) {
        self.bits = bits
    }

    /// The four bytes in network order.
    public var bytes: [UInt8] {
        [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: bits >> UInt32($0)) }
    }

    /// Four decimal numbers and three dots, nothing else: `inet_aton`'s octal, hexadecimal and short forms are refused,
    /// because `010.0.0.1` means two different machines to two different programs.
    public init?(text: some StringProtocol) {
        var bits: UInt32 = 0
        let parts = text.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard parts.count == 4 else { return nil }
        for part in parts {
            guard (1...3).contains(part.count), part.count == 1 || part.first != UInt8(ascii: "0") else { return nil }
            var value: UInt32 = 0
            for byte in part {
                guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) else { return nil }
                value = value * 10 + UInt32(byte - UInt8(ascii: "0"))
            }
            guard value <= 255 else { return nil }
            bits = bits << 8 | value
        }
        self.bits = bits
    }
}

extension IPv4Address: CustomStringConvertible {
    public var description: String {
        bytes.map { String($0) }.joined(separator: ".")
    }
}
