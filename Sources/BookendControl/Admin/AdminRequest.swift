import BookendCore
import BookendHTTP
import Foundation

/// A request as gate and routes see it.
struct AdminRequest {
    let method: BookendHTTP.Method
    /// As received, without the query.
    let path: String
    /// What stands behind the `?`, as received.
    let query: String
    /// The name or address in `Host`, without the port.
    let host: String
    /// What follows `Bearer` in `Authorization` (RFC 6750, section 2.1); empty for another scheme.
    let token: [UInt8]?
    /// Says after which event a stream goes on.
    let lastEventID: String?
    let now: Moment
    var body = Data()
    /// What stands in the path where the route has names in braces.
    var parameters: [String: String] = [:]

    /// - Parameter bytes: that the head was read from.
    init(_ head: RequestHead, _ bytes: Span<UInt8>, at now: Moment) {
        func text(_ slice: Slice) -> String { String(decoding: slice.range.map { bytes[$0] }, as: UTF8.self) }
        method = head.method
        path = text(head.path)
        query = text(head.target).split(separator: "?", maxSplits: 1).dropFirst().first.map { String($0) } ?? ""
        host = text(head.hostName)
        token = head.value(of: .authorization).map { Self.token(in: text($0)) }
        lastEventID = head.fields.first { text($0.name).lowercased() == "last-event-id" }.map { text($0.value) }
        self.now = now
    }

    private static func token(in authorization: String) -> [UInt8] {
        let parts = authorization.split(separator: " ", maxSplits: 1)
        guard parts.count == 2, parts[0].lowercased() == "bearer" else { return [] }
        return Array(parts[1].drop { $0 == " " }.utf8)
    }
}
