/// The value of `Host`, or the authority of an absolute-form target: `uri-host [ ":" port ]` (RFC 9110, section 7.2).
enum Authority {
    /// Twice what DNS allows (RFC 3986, section 3.2.2). It goes into several of the fields that a proxy adds.
    private static let longest = 512

    /// The name without its port, or nil if the authority is not valid: empty, user information, a space, a comma, a
    /// control byte or a byte beyond ASCII, a port that is not a number below 65,536, a broken IPv6 literal.
    static func name(of authority: Slice, in bytes: Span<UInt8>) -> Slice? {
        let start = Int(authority.start)
        let end = authority.end
        guard start < end, end - start <= longest else { return nil }
        let nameEnd =
            bytes[start] == UInt8(ascii: "[")
            ? endOfLiteral(in: bytes, start, end) : endOfName(in: bytes, start, end)
        guard let nameEnd, nameEnd > start, isPort(in: bytes, nameEnd, end) else { return nil }
        return Slice(start, nameEnd)
    }

    /// `reg-name` or an IPv4 address; ends at the colon. A comma is a legal sub-delimiter, yet servers take it for two
    /// hosts (rule 17).
    private static func endOfName(in bytes: Span<UInt8>, _ start: Int, _ end: Int) -> Int? {
        var at = start
        while at < end, bytes[at] != UInt8(ascii: ":") {
            if bytes[at] == UInt8(ascii: "%") {
                guard at &+ 2 < end, bytes[at &+ 1].hexDigit != nil, bytes[at &+ 2].hexDigit != nil else { return nil }
                at &+= 2
            } else if !bytes[at].isHostByte {
                return nil
            }
            at &+= 1
        }
        return at
    }

    /// `[` IPv6 address `]`. Its groups are not counted: the bytes are harmless, and no name will match.
    private static func endOfLiteral(in bytes: Span<UInt8>, _ start: Int, _ end: Int) -> Int? {
        var at = start &+ 1
        var colons = 0
        while at < end, bytes[at] != UInt8(ascii: "]") {
            if bytes[at] == UInt8(ascii: ":") {
                colons &+= 1
            } else if bytes[at].hexDigit == nil, bytes[at] != UInt8(ascii: ".") {
                return nil
            }
            at &+= 1
        }
        return at < end && colons >= 2 ? at &+ 1 : nil
    }

    /// Nothing, or a colon and up to five digits. RFC 3986, section 3.2.3, allows a colon alone.
    private static func isPort(in bytes: Span<UInt8>, _ start: Int, _ end: Int) -> Bool {
        guard start < end else { return true }
        guard bytes[start] == UInt8(ascii: ":"), end &- start <= 6 else { return false }
        var port = 0
        for index in (start &+ 1)..<end {
            guard bytes[index].isDigit else { return false }
            port = port &* 10 &+ Int(bytes[index] &- 0x30)
        }
        return port <= 65_535
    }
}

extension UInt8 {
    /// `unreserved` and `sub-delims` without the comma (RFC 3986, section 2): letters, digits, `-._~!$&'()*+;=`.
    fileprivate var isHostByte: Bool {
        let low: UInt64 = 0x2BFF_6FD2_0000_0000
        let high: UInt64 = 0x47FF_FFFE_87FF_FFFE
        let bits = self < 64 ? low : self < 128 ? high : 0
        return (bits &>> UInt64(self & 63)) & 1 == 1
    }
}
