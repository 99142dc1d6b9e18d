/// The sizes that buffers come in, each four times the one before, so that a head that drips in costs little and a
/// large body few system calls.
public enum BufferSize: UInt8, CaseIterable, Comparable, Sendable {
    /// 1 KiB: what is left of a slow head.
    case tiny
    /// 4 KiB
    case small
    /// 16 KiB: the usual head, and a body's share of a read.
    case standard
    /// 64 KiB: large bodies.
    case large
    /// 256 KiB: the largest head that can be configured, rewritten.
    case huge

    public var bytes: Int { 1_024 << (2 * Int(rawValue)) }

    /// The smallest size that holds `bytes`; nil beyond the largest.
    public init?(holding bytes: Int) {
        guard let size = Self.allCases.first(where: { $0.bytes >= bytes }) else { return nil }
        self = size
    }

    public static func < (left: BufferSize, right: BufferSize) -> Bool {
        left.rawValue < right.rawValue
    }
}
