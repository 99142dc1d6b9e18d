extension Version {
    /// `HTTP/1.1` or `HTTP/1.0`, eight bytes from `start`; nil if there are fewer. Refuses at the first byte that cannot
    /// be right (RFC 9112, section 2.3; rule 17).
    @inline(__always)
    static func read(_ bytes: Span<UInt8>, from start: Int) throws(Refusal) -> Version? {
        guard start &+ 8 <= bytes.count else {
            try check(bytes, from: start)
            return nil
        }
        let word = UInt64(
            littleEndian: bytes.bytes.unsafeLoadUnaligned(fromByteOffset: start, as: UInt64.self))
        switch word {
        case 0x312E_312F_5054_5448: return .http11
        case 0x302E_312F_5054_5448: return .http10
        default:
            try check(bytes, from: start)
            throw .versionUnsupported
        }
    }

    /// Checks as many of the eight bytes as there are against `HTTP/` digit `.` digit.
    private static func check(_ bytes: Span<UInt8>, from start: Int) throws(Refusal) {
        let pattern: StaticString = "HTTP/0.0"
        for offset in 0..<min(8, bytes.count &- start) {
            let expected = pattern.utf8Start[offset]
            let byte = bytes[start &+ offset]
            guard byte == expected || (expected.isDigit && byte.isDigit) else { throw .versionMalformed }
        }
    }
}
