import BookendHTTP

/// How often each value of one response header field came, for a bounded number of values.
public struct HeaderCounts: Equatable, Sendable {
    public struct Value: Equatable, Sendable {
        public let bytes: [UInt8]
        public fileprivate(set) var count: UInt64

        public var text: String { String(decoding: bytes, as: UTF8.self) }
    }

    /// As asked for.
    public let name: String
    private let lowerName: [UInt8]
    /// In the order of their first appearance.
    public private(set) var values: [Value] = []
    /// Answers with values beyond the limits of number and length.
    public private(set) var others: UInt64 = 0
    /// Answers without the field.
    public private(set) var missing: UInt64 = 0

    public init(name: String) {
        self.name = name
        lowerName = Array(name.lowercased().utf8)
    }

    public mutating func add(_ other: HeaderCounts) {
        for value in other.values { count(value.bytes.span, 0..<value.bytes.count, times: value.count) }
        others += other.others
        missing += other.missing
    }

    mutating func count(_ head: borrowing ResponseHead, in bytes: Span<UInt8>) {
        for field in head.fields where matches(field.name, bytes) {
            return count(bytes, field.value.range, times: 1)
        }
        missing += 1
    }

    private mutating func count(_ bytes: Span<UInt8>, _ range: Range<Int>, times: UInt64) {
        for index in values.indices where values[index].isEqual(to: bytes, range) {
            values[index].count += times
            return
        }
        if values.count < LoadLimits.headerValues, range.count <= LoadLimits.headerValue {
            values.append(Value(bytes: Self.copy(bytes, range), count: times))
        } else {
            others += times
        }
    }

    private static func copy(_ bytes: Span<UInt8>, _ range: Range<Int>) -> [UInt8] {
        var copy: [UInt8] = []
        for index in range { copy.append(bytes[index]) }
        return copy
    }

    private func matches(_ name: Slice, _ bytes: Span<UInt8>) -> Bool {
        guard Int(name.count) == lowerName.count else { return false }
        for index in lowerName.indices {
            let byte = bytes[Int(name.start) + index]
            let lower = (0x41...0x5A).contains(byte) ? byte | 0x20 : byte
            guard lower == lowerName[index] else { return false }
        }
        return true
    }
}

extension HeaderCounts.Value {
    fileprivate func isEqual(to other: Span<UInt8>, _ range: Range<Int>) -> Bool {
        guard bytes.count == range.count else { return false }
        for index in bytes.indices where bytes[index] != other[range.lowerBound + index] { return false }
        return true
    }
}
