/// Reads `method SP target SP version CRLF` (RFC 9112, section 3). Remembers where it stopped and refuses at the first
/// wrong byte, so that what is no HTTP is refused at once instead of at a timeout (rule 17).
struct RequestLine {
    private(set) var method: Method = .other
    private(set) var methodText: Slice = .empty
    private(set) var target: Slice = .empty
    private(set) var version: Version = .http11
    /// Offset of the byte after the line's CR LF, once the line is whole.
    private(set) var end = 0

    private var stage = Stage.emptyLines
    /// Offset of the first byte of what is being read: the method, then the target, then the version.
    private var start = 0
    /// Offset of the next byte to look at.
    private var at = 0

    private enum Stage: UInt8 { case emptyLines, method, target, version }

    /// Empty lines before a request that are skipped (RFC 9112, section 2.2 asks for one at least).
    private static let maximumEmptyLines = 4
    /// Bytes of a method; registered ones have at most 17.
    private static let maximumMethod = 32

    /// True once the line is whole. `bytes` begins where it did at the last call.
    mutating func read(_ bytes: Span<UInt8>, targetLimit: Int) throws(Refusal) -> Bool {
        if stage == .emptyLines, try !skipEmptyLines(bytes) { return false }
        if stage == .method, try !readMethod(bytes) { return false }
        if stage == .target, try !readTarget(bytes, limit: targetLimit) { return false }
        return try readVersion(bytes)
    }

    private mutating func skipEmptyLines(_ bytes: Span<UInt8>) throws(Refusal) -> Bool {
        while at < bytes.count, bytes[at] == .carriageReturn {
            guard at < 2 &* Self.maximumEmptyLines else { throw .methodInvalid }
            guard at &+ 1 < bytes.count else { return false }
            guard bytes[at &+ 1] == .lineFeed else { throw .bareCarriageReturn }
            at &+= 2
        }
        guard at < bytes.count else { return false }
        start = at
        stage = .method
        return true
    }

    private mutating func readMethod(_ bytes: Span<UInt8>) throws(Refusal) -> Bool {
        at = Scan.token(in: bytes, from: at)
        guard at &- start <= Self.maximumMethod else { throw .methodTooLong }
        guard at < bytes.count else { return false }
        guard bytes[at] == .space, at > start else { throw notMethod(bytes[at]) }
        methodText = Slice(start, at)
        method = Method(methodText, in: bytes)
        if method == .connect { throw .connectRefused }
        at &+= 1
        start = at
        stage = .target
        return true
    }

    private func notMethod(_ byte: UInt8) -> Refusal {
        // A TLS record of type handshake; nothing else begins with this byte.
        if at == start, byte == 0x16 { return .tlsHello }
        if byte == .lineFeed { return .bareLineFeed }
        return byte == .carriageReturn ? .targetEmpty : .methodInvalid
    }

    private mutating func readTarget(_ bytes: Span<UInt8>, limit: Int) throws(Refusal) -> Bool {
        at = Scan.target(in: bytes, from: at)
        if at > start, bytes[start] == UInt8(ascii: "*"), method == .other,
            bytes.equals(methodText, ignoringCase: "pri")
        {
            throw .http2Preface
        }
        guard at &- start <= limit else { throw .targetTooLong }
        guard at < bytes.count else { return false }
        guard bytes[at] == .space, at > start else {
            if bytes[at] == .lineFeed { throw .bareLineFeed }
            if at == start { throw .targetEmpty }
            throw bytes[at] == .carriageReturn ? .versionMissing : .targetInvalid
        }
        target = Slice(start, at)
        at &+= 1
        start = at
        stage = .version
        return true
    }

    private mutating func readVersion(_ bytes: Span<UInt8>) throws(Refusal) -> Bool {
        guard let version = try Version.read(bytes, from: start) else { return false }
        guard start &+ 8 < bytes.count else { return false }
        switch bytes[start &+ 8] {
        case .carriageReturn: break
        case .lineFeed: throw .bareLineFeed
        default: throw .versionMalformed
        }
        guard start &+ 9 < bytes.count else { return false }
        guard bytes[start &+ 9] == .lineFeed else { throw .bareCarriageReturn }
        self.version = version
        end = start &+ 10
        return true
    }
}
