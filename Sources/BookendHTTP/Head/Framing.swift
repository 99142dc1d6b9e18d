/// The protocol versions that Bookend speaks; anything else is refused (rule 17).
public enum Version: UInt8, Sendable {
    case http10, http11
}

/// How the end of a message's body is found (RFC 9112, section 6.3).
public enum Framing: Equatable, Sendable {
    /// No body, whatever the fields say.
    case none
    /// Exactly this many bytes, at most `Int64.max`.
    case length(UInt64)
    /// Chunks, then trailers.
    case chunked
    /// All bytes until the connection closes. Only responses.
    case untilClose
}
