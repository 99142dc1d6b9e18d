/// What a head may cost. Beyond a limit the message is refused: 414 for the target, 431 for the rest.
public struct HeadLimits: Equatable, Sendable {
    /// Bytes of the whole head, from the first byte of the start line to the empty line.
    public var bytes: Int
    /// Field lines.
    public var fields: Int
    /// Bytes of the request target.
    public var target: Int

    public init(bytes: Int, fields: Int, target: Int) {
        precondition(bytes > 0 && bytes <= 1 << 30, "a head is between one byte and 1 GiB")
        precondition(fields > 0 && target > 0, "a head needs room for a field and a target")
        self.bytes = bytes
        self.fields = fields
        self.target = target
    }
}
