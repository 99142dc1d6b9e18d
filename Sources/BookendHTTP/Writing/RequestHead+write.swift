/// Writing a request on to a server: request line, fields, the caller's own fields, framing, connection, end of head.
extension RequestHead {
    /// Bytes that everything here writes at most: request line, fields, `Upgrade`, framing, connection, end of head.
    /// The caller adds the room for its own fields.
    public var encodedBound: Int { count &+ Int(host.count) &+ 128 }

    /// Method, target and `HTTP/1.1`: Bookend speaks its own version, whatever the client's (RFC 9110, section 2.5).
    ///
    /// - Parameter bytes: the ones that the head was parsed from.
    public func writeRequestLine(from bytes: Span<UInt8>, to output: inout OutputSpan<UInt8>) {
        output.append(methodText, of: bytes)
        output.append(" ")
        let isRootless = target.isEmpty || bytes[Int(target.start)] == UInt8(ascii: "?")
        if isRootless {
            // RFC 9112, section 3.2.4: OPTIONS for a whole server, in absolute form, becomes `*`.
            output.append(target.isEmpty && method == .options ? "*" : "/")
        }
        output.append(target, of: bytes)
        output.append(" HTTP/1.1\r\n")
    }

    /// The client's fields that go on, byte for byte; not hop-by-hop ones, framing, and `dropping`. If the target was in
    /// absolute form, `Host` is written from it; unless dropped, in which case the caller writes it.
    ///
    /// HTTP/1.0 requests may have no `Host`; then none is written, and the caller adds one.
    public func writeFields(
        from bytes: Span<UInt8>, to output: inout OutputSpan<UInt8>, dropping: FieldNameSet
    ) {
        guard isAbsoluteForm, !dropping.contains(.host) else {
            return section.write(bytes, to: &output, dropping: dropping)
        }
        output.append("Host: ")
        output.append(host, of: bytes)
        output.append("\r\n")
        section.write(bytes, to: &output, dropping: dropping.union(FieldNameSet(.host)))
    }

    /// For a request that `wantsUpgrade`, in place of a `ConnectionField`: `Connection: upgrade` and the client's
    /// `Upgrade` fields as received.
    public func writeUpgrade(from bytes: Span<UInt8>, to output: inout OutputSpan<UInt8>) {
        section.writeUpgrade(bytes, to: &output)
    }
}
