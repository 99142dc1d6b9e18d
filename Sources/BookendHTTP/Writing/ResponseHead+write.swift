/// Writing a response on to a client: status line, fields, the caller's own fields, framing, connection, end of head. An
/// interim response (1xx) is only status line, fields and end of head.
extension ResponseHead {
    /// Bytes that everything here writes at most: status line, fields, `Upgrade`, framing, connection, end of head.
    /// The caller adds the room for its own fields.
    public var encodedBound: Int { count &+ 128 }

    /// `HTTP/1.1`, the status and the reason as received.
    ///
    /// - Parameter bytes: the ones that the head was parsed from.
    public func writeStatusLine(from bytes: Span<UInt8>, to output: inout OutputSpan<UInt8>) {
        output.append("HTTP/1.1 ")
        output.appendDecimal(UInt64(status))
        output.append(" ")
        output.append(reason, of: bytes)
        output.append("\r\n")
    }

    /// The server's fields that go on, byte for byte; not hop-by-hop ones, framing, and `dropping`.
    public func writeFields(
        from bytes: Span<UInt8>, to output: inout OutputSpan<UInt8>, dropping: FieldNameSet
    ) {
        section.write(bytes, to: &output, dropping: dropping)
    }

    /// The framing that the caller chose for the client, which may differ from the server's. Where no body follows,
    /// `Content-Length` goes on as the server said it for HEAD and 304, and is dropped for 1xx and 204 (rule 9).
    public func writeFraming(_ chosen: Framing, to output: inout OutputSpan<UInt8>) {
        guard framing == .none else { return output.appendField(for: chosen) }
        guard status >= 200, status != 204, let length = declaredLength else { return }
        output.appendField(for: .length(length))
    }

    /// For a 101, in place of a `ConnectionField`: `Connection: upgrade` and the server's `Upgrade` fields as received.
    public func writeUpgrade(from bytes: Span<UInt8>, to output: inout OutputSpan<UInt8>) {
        section.writeUpgrade(bytes, to: &output)
    }
}
