/// Reads one field line. Remembers where it stopped, so that every byte is looked at once, however many pieces the line
/// arrives in, and refuses at the first wrong byte: the same refusal for every way to split the bytes.
struct FieldLine {
    enum Outcome {
        /// More bytes are needed.
        case incomplete
        /// A field: `name`, `value` and `next` are set.
        case field
        /// The empty line that ends the section: `next` is set.
        case end
    }

    /// Offset of the line's first byte.
    private(set) var start: Int
    /// Offset of the byte after the line's CR LF.
    private(set) var next: Int
    private(set) var value: Slice = .empty
    /// Offset of the colon, or -1 until it is found.
    private var colon = -1
    /// Offset of the next byte to look at.
    private var at: Int

    init(at start: Int) {
        self.start = start
        next = start
        at = start
    }

    var name: Slice { Slice(start, colon) }

    var line: Slice { Slice(start, value.isEmpty ? colon &+ 1 : value.end) }

    /// Looks at the bytes that came since the last call; `bytes` begins where it did then.
    @inline(__always)
    mutating func read(_ bytes: Span<UInt8>) throws(Refusal) -> Outcome {
        if colon < 0 {
            at = Scan.token(in: bytes, from: at)
            guard at < bytes.count else { return .incomplete }
            if bytes[at] != UInt8(ascii: ":") || at == start { return try readNoName(bytes) }
            colon = at
            at &+= 1
        }
        at = Scan.value(in: bytes, from: at)
        guard at &+ 1 < bytes.count else {
            if at < bytes.count, bytes[at] != .carriageReturn { throw Self.wrong(bytes[at]) }
            return .incomplete
        }
        guard bytes[at] == .carriageReturn, bytes[at &+ 1] == .lineFeed else { throw Self.wrong(bytes[at]) }
        value = bytes.trimmed(colon &+ 1, at)
        next = at &+ 2
        return .field
    }

    /// A line that does not begin with a name and a colon: the empty line, or a refusal.
    private func refusal(_ byte: UInt8) -> Refusal {
        if at == start {
            if byte == UInt8(ascii: ":") { return .fieldNameEmpty }
            if byte.isWhitespace { return .foldedLine }
            return byte == .lineFeed ? .bareLineFeed : .fieldNameInvalid
        }
        if byte.isWhitespace { return .spaceBeforeColon }
        return byte == .carriageReturn || byte == .lineFeed ? .colonMissing : .fieldNameInvalid
    }

    private mutating func readNoName(_ bytes: Span<UInt8>) throws(Refusal) -> Outcome {
        guard at == start, bytes[at] == .carriageReturn else { throw refusal(bytes[at]) }
        guard at &+ 1 < bytes.count else { return .incomplete }
        guard bytes[at &+ 1] == .lineFeed else { throw .bareCarriageReturn }
        next = at &+ 2
        return .end
    }

    private static func wrong(_ byte: UInt8) -> Refusal {
        switch byte {
        case .lineFeed: .bareLineFeed
        case .carriageReturn: .bareCarriageReturn
        default: .valueInvalid
        }
    }
}
