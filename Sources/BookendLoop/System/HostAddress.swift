/// A host's IP address as 128 bits, IPv4 in its IPv6-mapped form, so that one comparison serves both.
public struct HostAddress: Hashable, Sendable {
    public let high: UInt64
    public let low: UInt64

    public init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }

    public init(ipv4: UInt32) {
        self.init(high: 0, low: 0xFFFF_0000_0000 | UInt64(ipv4))
    }

    public var isIPv4: Bool { high == 0 && low >> 32 == 0xFFFF }

    /// Appends the address as people write it: dotted, or RFC 5952's form without the longest-run rule's ties.
    public func append(to text: inout OutputSpan<UInt8>) {
        if isIPv4 {
            for shift in [24, 16, 8, 0] as [UInt64] {
                if shift != 24 { text.append(UInt8(ascii: ".")) }
                Self.append(decimal: UInt8(truncatingIfNeeded: low >> shift), to: &text)
            }
        } else {
            appendGroups(to: &text)
        }
    }

    /// The longest text `append` writes, in bytes.
    public static let maximumTextLength = 39

    private func group(_ index: Int) -> UInt16 {
        UInt16(truncatingIfNeeded: (index < 4 ? high : low) >> UInt64((3 - index % 4) * 16))
    }

    /// The longest run of at least two zero groups is written `::` (RFC 5952 4.2).
    private func appendGroups(to text: inout OutputSpan<UInt8>) {
        var best = 0..<0
        var start = 0
        for index in 0...8 where index == 8 || group(index) != 0 {
            if index - start > max(1, best.count) { best = start..<index }
            start = index + 1
        }
        var index = 0
        while index < 8 {
            if index == best.lowerBound, !best.isEmpty {
                text.append(UInt8(ascii: ":"))
                text.append(UInt8(ascii: ":"))
                index = best.upperBound
                continue
            }
            if index != 0, index != best.upperBound || best.isEmpty { text.append(UInt8(ascii: ":")) }
            Self.append(hex: group(index), to: &text)
            index += 1
        }
    }

    private static func append(decimal value: UInt8, to text: inout OutputSpan<UInt8>) {
        if value >= 100 { text.append(UInt8(ascii: "0") + value / 100) }
        if value >= 10 { text.append(UInt8(ascii: "0") + value / 10 % 10) }
        text.append(UInt8(ascii: "0") + value % 10)
    }

    private static func append(hex value: UInt16, to text: inout OutputSpan<UInt8>) {
        var started = false
        for shift in stride(from: 12, through: 0, by: -4) {
            let digit = UInt8(truncatingIfNeeded: value >> UInt16(shift)) & 0xF
            guard digit != 0 || started || shift == 0 else { continue }
            started = true
            text.append(digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") + digit - 10)
        }
    }
}

extension HostAddress: CustomStringConvertible {
    public var description: String {
        String(
            decoding: [UInt8](capacity: Self.maximumTextLength) { append(to: &$0) },
            as: UTF8.self)
    }
}
