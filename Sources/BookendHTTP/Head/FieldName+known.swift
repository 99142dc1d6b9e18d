/// Finding out which field a name is, once per field line: by length, then by comparing whole words.
extension FieldName {
    /// Letters compare without case (RFC 9110, section 5.1).
    static func known(_ name: Slice, in bytes: Span<UInt8>) -> FieldName {
        let words = NameWords(folding: name, in: bytes)
        switch name.count {
        case 2:
            if words.folds(to: "te") { return .te }
        case 3:
            if words.folds(to: "via") { return .via }
            if words.folds(to: "age") { return .age }
        case 4:
            if words.folds(to: "host") { return .host }
            if words.folds(to: "date") { return .date }
            if words.folds(to: "vary") { return .vary }
        case 5:
            if words.folds(to: "range") { return .range }
        case 6:
            if words.folds(to: "expect") { return .expect }
            if words.folds(to: "cookie") { return .cookie }
            if words.folds(to: "accept") { return .accept }
            if words.folds(to: "server") { return .server }
        case 7:
            if words.folds(to: "trailer") { return .trailer }
            if words.folds(to: "upgrade") { return .upgrade }
            if words.folds(to: "referer") { return .referer }
            if words.folds(to: "expires") { return .expires }
        case 8:
            if words.folds(to: "if-match") { return .ifMatch }
            if words.folds(to: "if-range") { return .ifRange }
            if words.folds(to: "location") { return .location }
        case 9:
            if words.folds(to: "forwarded") { return .forwarded }
            if words.folds(to: "x-real-ip") { return .xRealIP }
        case 10:
            if words.folds(to: "connection") { return .connection }
            if words.folds(to: "keep-alive") { return .keepAlive }
            if words.folds(to: "tracestate") { return .tracestate }
            if words.folds(to: "set-cookie") { return .setCookie }
            if words.folds(to: "user-agent") { return .userAgent }
        case 11:
            if words.folds(to: "traceparent") { return .traceparent }
            if words.folds(to: "retry-after") { return .retryAfter }
        case 12:
            if words.folds(to: "x-request-id") { return .xRequestId }
            if words.folds(to: "max-forwards") { return .maxForwards }
            if words.folds(to: "content-type") { return .contentType }
        case 13:
            if words.folds(to: "authorization") { return .authorization }
            if words.folds(to: "if-none-match") { return .ifNoneMatch }
            if words.folds(to: "cache-control") { return .cacheControl }
            if words.folds(to: "content-range") { return .contentRange }
        case 14:
            if words.folds(to: "content-length") { return .contentLength }
            if words.folds(to: "http2-settings") { return .http2Settings }
        case 15:
            if words.folds(to: "x-forwarded-for") { return .xForwardedFor }
        case 16:
            if words.folds(to: "proxy-connection") { return .proxyConnection }
            if words.folds(to: "x-forwarded-host") { return .xForwardedHost }
            if words.folds(to: "x-forwarded-port") { return .xForwardedPort }
            if words.folds(to: "www-authenticate") { return .wwwAuthenticate }
            if words.folds(to: "content-encoding") { return .contentEncoding }
        case 17:
            if words.folds(to: "transfer-encoding") { return .transferEncoding }
            if words.folds(to: "x-forwarded-proto") { return .xForwardedProto }
            if words.folds(to: "if-modified-since") { return .ifModifiedSince }
        case 18:
            if words.folds(to: "proxy-authenticate") { return .proxyAuthenticate }
        case 19:
            if words.folds(to: "proxy-authorization") { return .proxyAuthorization }
            if words.folds(to: "if-unmodified-since") { return .ifUnmodifiedSince }
        case 21:
            if words.folds(to: "endpoint-load-metrics") { return .endpointLoadMetrics }
        case 25:
            // One byte longer than the words.
            let last = bytes[name.end &- 1] | 0x20
            if words.folds(to: "endpoint-load-metrics-bi"), last == UInt8(ascii: "n") { return .endpointLoadMetricsBin }
        default: break
        }
        return .other
    }
}
