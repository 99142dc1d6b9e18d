/// A number of bytes.
public struct ByteCount: Hashable, Comparable, Sendable {
    public var bytes: Int

    @inlinable
    public init(bytes: Int) {
        self.bytes = bytes
    }

    @inlinable
    public static func kibibytes(_ count: Int) -> ByteCount { ByteCount(bytes: count * 1_024) }

    @inlinable
    public static func mebibytes(_ count: Int) -> ByteCount { ByteCount(bytes: count * 1_048_576) }

    @inlinable
    public static func < (left: ByteCount, right: ByteCount) -> Bool {
        left.bytes < right.bytes
    }
}

extension ByteCount: CustomStringConvertible {
    /// As configuration writes it: the largest binary unit that gives a whole number (`64KiB`, `256MiB`).
    public var description: String {
        for (unit, size) in [("GiB", 1_073_741_824), ("MiB", 1_048_576), ("KiB", 1_024)]
        where bytes != 0 && bytes % size == 0 {
            return "\(bytes / size)\(unit)"
        }
        return "\(bytes)B"
    }
}
