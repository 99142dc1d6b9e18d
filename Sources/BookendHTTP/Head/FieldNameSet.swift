/// A set of known field names in one word.
@frozen
public struct FieldNameSet: OptionSet, Sendable {
    public let rawValue: UInt64

    @inlinable
    public init(rawValue: UInt64) { self.rawValue = rawValue }

    /// The set of one name. `other` is a member like the rest: dropping it drops every unknown field.
    @inlinable
    public init(_ name: FieldName) { rawValue = 1 &<< UInt64(name.rawValue) }

    @inlinable
    public init(_ names: FieldName...) {
        rawValue = names.reduce(0) { $0 | 1 &<< UInt64($1.rawValue) }
    }

    @inlinable
    public func contains(_ name: FieldName) -> Bool { rawValue &>> UInt64(name.rawValue) & 1 == 1 }
}

extension FieldNameSet {
    /// Always meant for one connection only (RFC 9110, section 7.6.1); `HTTP2-Settings` by RFC 7540, section 3.2.1.
    static let hopByHop = FieldNameSet(
        .connection, .keepAlive, .proxyConnection, .te, .upgrade, .http2Settings, .transferEncoding)

    /// A message's framing, which Bookend writes itself.
    static let framing = FieldNameSet(.contentLength, .transferEncoding)

    /// What a server says of its load, to the balancer and to nobody else.
    @inlinable
    public static var loadReports: FieldNameSet {
        FieldNameSet(.endpointLoadMetrics).union(FieldNameSet(.endpointLoadMetricsBin))
    }

    /// What `Connection` may name without being obeyed: framing, the host, and what tells a server who the client is
    /// (Traefik CVE-2024-45410).
    static let protected = FieldNameSet(
        .contentLength, .transferEncoding, .host, .via, .forwarded, .xForwardedFor, .xForwardedProto, .xForwardedHost,
        .xForwardedPort, .xRealIP, .xRequestId, .traceparent, .tracestate)

    /// What has no business in a trailer: framing, routing, authentication, request modifiers, how to read the content
    /// (RFC 9110, section 6.5.1; Tomcat CVE-2023-46589), and a server's load, which is nobody's but Bookend's.
    static let forbiddenInTrailers = FieldNameSet(
        .host, .contentLength, .transferEncoding, .expect, .connection, .keepAlive, .proxyConnection, .te, .trailer,
        .upgrade, .http2Settings, .via, .forwarded, .xForwardedFor, .xForwardedProto, .xForwardedHost, .xForwardedPort,
        .xRealIP, .xRequestId, .traceparent, .tracestate, .authorization, .proxyAuthorization, .proxyAuthenticate,
        .wwwAuthenticate, .cookie, .setCookie, .range, .maxForwards, .ifMatch, .ifNoneMatch, .ifModifiedSince,
        .ifUnmodifiedSince, .ifRange, .date, .location, .retryAfter, .age, .expires, .cacheControl, .vary,
        .contentType, .contentEncoding, .contentRange, .endpointLoadMetrics, .endpointLoadMetricsBin)
}
