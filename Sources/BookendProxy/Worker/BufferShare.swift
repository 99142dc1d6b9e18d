import BookendLoop

/// What a worker takes on, and how much it reads at once, by how much of its share of `memory:` its buffers hold: more and more
/// sparing, so that what was begun can be finished.
///
/// What can still come when requests are refused is bounded too: an answer to a slow reader holds one `small` piece then, a head that
/// drips in no more.
public struct BufferShare: Sendable {
    /// Bytes that the buffers of one worker may hold.
    public let bytes: Int

    public init(bytes: Int) {
        self.bytes = bytes
    }

    /// How much of a body is read at once. Large reads halve the system calls of large bodies.
    func readSize(holding held: Int) -> BufferSize {
        if held < bytes / 2 { return .large }
        return held < bytes / 8 * 5 ? .standard : .small
    }

    /// New requests are refused, and heads that are too long to be kept.
    func isShort(holding held: Int) -> Bool {
        held >= Self.refusing(of: bytes)
    }

    /// From how many bytes on requests are refused.
    public static func refusing(of bytes: Int) -> Int { bytes / 4 * 3 }
}
