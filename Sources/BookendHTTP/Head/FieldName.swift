/// Field names that Bookend acts on or keeps an eye on; all others are `other` and pass untouched.
public enum FieldName: UInt8, CaseIterable, Sendable {
    case other
    // Routing and framing.
    case host, contentLength, transferEncoding, expect
    // Meant for one connection only.
    case connection, keepAlive, proxyConnection, te, trailer, upgrade, http2Settings
    // Who asked, and through whom.
    case via, forwarded, xForwardedFor, xForwardedProto, xForwardedHost, xForwardedPort, xRealIP, xRequestId
    case traceparent, tracestate
    // Who may.
    case authorization, proxyAuthorization, proxyAuthenticate, wwwAuthenticate, cookie, setCookie
    // What is asked for and what came back.
    case accept, userAgent, referer, range, maxForwards, ifMatch, ifNoneMatch, ifModifiedSince, ifUnmodifiedSince
    case ifRange, server, date, location, retryAfter, age, expires, cacheControl, vary
    case contentType, contentEncoding, contentRange, endpointLoadMetrics, endpointLoadMetricsBin
}
