/// Chunked framing (RFC 9112, section 7.1). A body is: for every chunk its header, data and end; then the last chunk,
/// trailers, and the end of the body.
public enum Chunk {
    /// Bytes of `appendChunkHeader` at most.
    public static let headerBound = 18
    /// Bytes of `appendChunkEnd`.
    public static let endBound = 2
    /// Bytes of `appendLastChunk` and `appendEndOfBody` together.
    public static let lastBound = 5
}

extension OutputSpan<UInt8> {
    /// The size line. A size of zero would end the body, and is not a chunk.
    public mutating func appendChunkHeader(_ size: UInt64) {
        precondition(size > 0, "a chunk has data")
        appendHex(size)
        append("\r\n")
    }

    /// After a chunk's data.
    public mutating func appendChunkEnd() { append("\r\n") }

    /// After all data; trailers may follow.
    public mutating func appendLastChunk() { append("0\r\n") }

    /// A trailer that `BodyDecoder` gave out: two bytes more than the slice.
    public mutating func appendTrailer(_ line: Slice, of bytes: Span<UInt8>) {
        append(line, of: bytes)
        append("\r\n")
    }

    /// After the last chunk and the trailers.
    public mutating func appendEndOfBody() { append("\r\n") }
}
