/// Whether a client's `X-Request-Id` may be kept. It ends up in logs and in other systems, so it must be short and plain.
public enum RequestID {
    /// At most this many bytes.
    public static let maximumLength = 128

    /// 1 to 128 bytes: token characters (RFC 9110, section 5.6.2) and `/ : = @`.
    public static func isSane(_ value: Slice, in bytes: Span<UInt8>) -> Bool {
        guard value.count > 0, value.count <= maximumLength else { return false }
        for index in value.range {
            switch bytes[index] {
            case UInt8(ascii: "/"), UInt8(ascii: ":"), UInt8(ascii: "="), UInt8(ascii: "@"): continue
            default: guard bytes[index].isTokenByte else { return false }
            }
        }
        return true
    }
}
