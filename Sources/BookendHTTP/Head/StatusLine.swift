/// Reads `version SP status SP reason CRLF` (RFC 9112, section 4). The space before an empty reason may be missing, as
/// many servers leave it out.
struct StatusLine {
    private(set) var version: Version = .http11
    private(set) var status = 0
    private(set) var reason: Slice = .empty
    /// Offset of the byte after the line's CR LF, once the line is whole.
    private(set) var end = 0
    /// Offset of the next byte of the reason to look at.
    private var at = Self.reasonStart

    private static let reasonStart = 12

    /// True once the line is whole. `bytes` begins where it did at the last call.
    mutating func read(_ bytes: Span<UInt8>) throws(Refusal) -> Bool {
        guard let version = try Version.read(bytes, from: 0) else { return false }
        guard try readStatus(bytes) else { return false }
        at = Scan.value(in: bytes, from: at)
        guard at < bytes.count else { return false }
        switch bytes[at] {
        case .carriageReturn: break
        case .lineFeed: throw .bareLineFeed
        default: throw .reasonInvalid
        }
        guard at &+ 1 < bytes.count else { return false }
        guard bytes[at &+ 1] == .lineFeed else { throw .bareCarriageReturn }
        self.version = version
        reason = Slice(min(Self.reasonStart &+ 1, at), at)
        end = at &+ 2
        return true
    }

    /// A space, three digits from 100 on, and a space or the end of the line.
    private mutating func readStatus(_ bytes: Span<UInt8>) throws(Refusal) -> Bool {
        guard bytes.count > 8 else { return false }
        guard bytes[8] == .space else { throw .versionMalformed }
        var status = 0
        for offset in 9..<min(bytes.count, 12) {
            guard bytes[offset].isDigit else { throw .statusMalformed }
            status = status &* 10 &+ Int(bytes[offset] &- 0x30)
            guard status > 0 else { throw .statusMalformed }
        }
        guard bytes.count > 12 else { return false }
        let next = bytes[12]
        guard next == .space || next == .carriageReturn || next == .lineFeed else { throw .statusMalformed }
        self.status = status
        return true
    }
}
