/// An IPv6 address, without a zone.
public struct IPv6Address: Hashable, Sendable {
    /// The first eight bytes as a number.
    public let high: UInt64
    /// The last eight bytes as a number.
    public let low: UInt64

    public init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }

    init(groups: [UInt16]) {
        precondition(groups.count == 8)
        high = groups[..<4].reduce(0) { $0 << 16 | UInt64($1) }
        low = groups[4...].reduce(0) { $0 << 16 | UInt64($1) }
    }

    /// The sixteen bytes in network order.
    public var bytes: [UInt8] {
        [high, low].flatMap { half in (0..<8).map { UInt8(truncatingIfNeeded: half >> UInt64(56 - 8 * $0)) } }
    }

    var groups: [UInt16] {
        [high, low].flatMap { half in (0..<4).map { UInt16(truncatingIfNeeded: half >> UInt64(48 - 16 * $0)) } }
    }

    /// The text forms of RFC 4291, section 2.2, without brackets and without a zone (`%eth0`).
    public init?(text: some StringProtocol) {
        let characters = Array(text.utf8)
        // Longer than any address: stops hostile input before it is split.
        guard characters.count <= 45 else { return nil }
        var before: [UInt16] = []
        var after: [UInt16]?
        var index = 0
        if characters.starts(with: [UInt8(ascii: ":"), UInt8(ascii: ":")]) {
            after = []
            index = 2
        } else if characters.first == UInt8(ascii: ":") {
            return nil
        }
        while index < characters.count {
            let end = characters[index...].firstIndex(of: UInt8(ascii: ":")) ?? characters.count
            guard let part = Self.groups(of: characters[index..<end], isLast: end == characters.count) else {
                return nil
            }
            if after == nil {
                before += part
            } else {
                after? += part
            }
            index = end + 1
            if end == characters.count { break }
            if index == characters.count { return nil }
            if characters[index] == UInt8(ascii: ":") {
                guard after == nil else { return nil }
                after = []
                index += 1
            }
        }
        guard let after else {
            guard before.count == 8 else { return nil }
            self.init(groups: before)
            return
        }
        let given = before.count + after.count
        guard given < 8 else { return nil }
        self.init(groups: before + Array(repeating: 0, count: 8 - given) + after)
    }

    /// One group of up to four hexadecimal digits or, at the end, an IPv4 address that stands for two.
    private static func groups(of part: ArraySlice<UInt8>, isLast: Bool) -> [UInt16]? {
        if isLast, part.contains(UInt8(ascii: ".")) {
            guard let address = IPv4Address(text: String(decoding: part, as: UTF8.self)) else { return nil }
            return [UInt16(truncatingIfNeeded: address.bits >> 16), UInt16(truncatingIfNeeded: address.bits)]
        }
        guard (1...4).contains(part.count) else { return nil }
        var value: UInt16 = 0
        for byte in part {
            guard let digit = Character(UnicodeScalar(byte)).hexDigitValue else { return nil }
            value = value << 4 | UInt16(digit)
        }
        return [value]
    }
}

extension IPv6Address: CustomStringConvertible {
    /// The canonical form of RFC 5952: lower case, the longest run of two zero groups or more shortened.
    public var description: String {
        let groups = groups
        var best = 0..<0
        var start = 0
        while start < 8 {
            guard groups[start] == 0 else {
                start += 1
                continue
            }
            let end = groups[start...].firstIndex { $0 != 0 } ?? 8
            if end - start > max(best.count, 1) { best = start..<end }
            start = end
        }
        let text = groups.map { String($0, radix: 16) }
        guard !best.isEmpty else { return text.joined(separator: ":") }
        return text[..<best.lowerBound].joined(separator: ":") + "::" + text[best.upperBound...].joined(separator: ":")
    }
}
