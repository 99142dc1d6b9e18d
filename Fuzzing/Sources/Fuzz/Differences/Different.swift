/// What both accept and understand differently, on purpose.
enum DifferentFromReference {
    static func allows(_ ours: Message, _ theirs: Message, _ bytes: [UInt8]) -> Bool {
        if allowsEnd(of: ours) { return true }
        var agreed = ours
        // llhttp obeys Proxy-Connection, which has no meaning here (RFC 9112, appendix C.2.2); and in HTTP/1.0 a
        // keep-alive beside a close, where Bookend closes (section 9.3). It also takes a tab in Connection for a part of an
        // option.
        if ours.fields.contains(where: { $0.name.lowercased() == "proxy-connection" })
            || ours.version == 10 && !ours.keepsAlive || hasTab(inField: "connection", bytes)
        {
            agreed.keepsAlive = theirs.keepsAlive
        }
        return agreed == theirs
    }

    /// llhttp takes a tab after `chunked` or after a length for a part of the value; it is optional white space (RFC 9110,
    /// section 5.5). In a response it then reads to the end of the connection.
    static func hasTab(inField name: String, _ bytes: [UInt8]) -> Bool {
        bytes.split(separator: 0x0A).contains {
            latin1($0).lowercased().hasPrefix(name + ":") && $0.contains(0x09)
        }
    }

    /// llhttp reads a body after an interim response that it does not know (RFC 9112, section 6.3: there is none).
    static func allowsEnd(of ours: Message) -> Bool { (104..<200).contains(ours.status) }
}

extension Message {
    /// llhttp's message, made comparable: an absolute-form target without its scheme, and no trailers that Bookend drops.
    var comparable: Message {
        var message = self
        for scheme in ["http://", "https://"] where target.lowercased().hasPrefix(scheme) {
            message.target = String(target.unicodeScalars.dropFirst(scheme.count))
        }
        message.trailers.removeAll { Self.droppedTrailers.contains($0.name.lowercased()) }
        return message
    }

    /// Written down here once more, so that a slip in Bookend's own list shows.
    private static let droppedTrailers: Set<String> = [
        "host", "content-length", "transfer-encoding", "expect", "connection", "keep-alive", "proxy-connection", "te",
        "trailer", "upgrade", "http2-settings", "via", "forwarded", "x-forwarded-for", "x-forwarded-proto",
        "x-forwarded-host", "x-forwarded-port", "x-real-ip", "x-request-id", "traceparent", "tracestate",
        "authorization", "proxy-authorization", "proxy-authenticate", "www-authenticate", "cookie", "set-cookie",
        "range", "max-forwards", "if-match", "if-none-match", "if-modified-since", "if-unmodified-since", "if-range",
        "date", "location", "retry-after", "age", "expires", "cache-control", "vary", "content-type",
        "content-encoding", "content-range",
    ]
}
