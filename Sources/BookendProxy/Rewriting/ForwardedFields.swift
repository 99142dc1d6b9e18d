import BookendHTTP
import BookendLoop

/// Who asked, and through whom: `X-Forwarded-*`, `Forwarded` (RFC 7239), `Via` and `X-Request-Id`.
///
/// A client's own claims are dropped, and Bookend says what it saw. Only of a trusted proxy are the claims kept: lists are
/// continued, protocol and host stay as that proxy saw them.
struct ForwardedFields {
    /// Written anew in every request.
    private static let own: FieldNameSet = [
        FieldNameSet(.xForwardedFor), FieldNameSet(.xForwardedProto), FieldNameSet(.xForwardedHost),
        FieldNameSet(.forwarded),
    ]
    /// Claims about the client that Bookend does not make itself.
    private static let foreign: FieldNameSet = [FieldNameSet(.xForwardedPort), FieldNameSet(.xRealIP)]
    /// Names, punctuation and constants of all fields written here.
    private static let constantBytes = 256

    let peer: HostAddress
    let isTrusted: Bool

    func dropped(keepingID: Bool) -> FieldNameSet {
        var dropped = Self.own
        if !isTrusted { dropped.formUnion(Self.foreign) }
        if !keepingID { dropped.insert(FieldNameSet(.xRequestId)) }
        return dropped
    }

    func bound(_ request: borrowing RequestHead) -> Int {
        Self.constantBytes + 3 * Int(request.host.count) + (isTrusted ? request.count : 0)
    }

    func write(_ request: borrowing RequestHead, _ bytes: Span<UInt8>, to output: inout OutputSpan<UInt8>) {
        output.append("X-Forwarded-For: ")
        continueList(.xForwardedFor, request, bytes, &output)
        peer.append(to: &output)
        output.append("\r\nX-Forwarded-Proto: ")
        writeValue(.xForwardedProto, or: "http", request, bytes, &output)
        output.append("\r\nX-Forwarded-Host: ")
        writeHost(request, bytes, &output)
        output.append("\r\nForwarded: ")
        continueList(.forwarded, request, bytes, &output)
        writeForwarded(request, bytes, &output)
        output.append("\r\nVia: ")
        output.append(request.version == .http11 ? "1.1 bookend\r\n" : "1.0 bookend\r\n")
    }

    /// `for=192.0.2.1;host="bookty.example:8080";proto=http`; an IPv6 address is quoted, in brackets (RFC 7239, 6).
    private func writeForwarded(
        _ request: borrowing RequestHead, _ bytes: Span<UInt8>, _ output: inout OutputSpan<UInt8>
    ) {
        output.append(peer.isIPv4 ? "for=" : "for=\"[")
        peer.append(to: &output)
        if !peer.isIPv4 { output.append("]\"") }
        if !request.host.isEmpty {
            output.append(";host=\"")
            output.append(request.host, of: bytes)
            output.append("\"")
        }
        output.append(";proto=http")
    }

    /// What a trusted proxy said before, and a comma.
    private func continueList(
        _ name: FieldName, _ request: borrowing RequestHead, _ bytes: Span<UInt8>, _ output: inout OutputSpan<UInt8>
    ) {
        guard isTrusted, request.present.contains(name) else { return }
        for field in request.fields where field.known == name && !field.value.isEmpty {
            output.append(field.value, of: bytes)
            output.append(", ")
        }
    }

    private func writeValue(
        _ name: FieldName, or own: StaticString, _ request: borrowing RequestHead, _ bytes: Span<UInt8>,
        _ output: inout OutputSpan<UInt8>
    ) {
        if isTrusted, let value = request.value(of: name) {
            output.append(value, of: bytes)
        } else {
            output.append(own)
        }
    }

    private func writeHost(_ request: borrowing RequestHead, _ bytes: Span<UInt8>, _ output: inout OutputSpan<UInt8>) {
        if isTrusted, let value = request.value(of: .xForwardedHost) {
            output.append(value, of: bytes)
        } else {
            output.append(request.host, of: bytes)
        }
    }
}
