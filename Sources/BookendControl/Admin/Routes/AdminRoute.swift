import BookendHTTP
import Foundation

/// One operation of the admin API: what it answers, and its description for `/v1/openapi.json`.
struct AdminRoute: Sendable {
    let method: BookendHTTP.Method
    /// With a name in braces for a segment that the request chooses: `/v1/servers/{server}`.
    let path: String
    let operation: AdminOperation
    let answer: @Sendable (AdminRequest, ControlPlane, @escaping AdminReply) -> Void

    /// One that asks the disk: its answer comes in a later turn.
    init(
        _ method: BookendHTTP.Method, _ path: String, _ operation: AdminOperation,
        later answer: @escaping @Sendable (AdminRequest, ControlPlane, @escaping AdminReply) -> Void
    ) {
        self.method = method
        self.path = path
        self.operation = operation
        self.answer = answer
    }

    /// One that is answered at once.
    init(
        _ method: BookendHTTP.Method, _ path: String, _ operation: AdminOperation,
        _ answer: @escaping @Sendable (AdminRequest, ControlPlane) -> AdminAnswer
    ) {
        self.init(method, path, operation, later: { request, plane, reply in reply(answer(request, plane)) })
    }

    /// What stands in `path` for the names in braces; nil when it is another path. A segment is percent-decoded, so that a
    /// server of one of several pools can be named: `bookty%2Fweb-01`.
    func parameters(of path: String) -> [String: String]? {
        let wanted = self.path.split(separator: "/", omittingEmptySubsequences: false)
        let given = path.split(separator: "/", omittingEmptySubsequences: false)
        guard wanted.count == given.count else { return nil }
        var found: [String: String] = [:]
        for (name, segment) in zip(wanted, given) {
            if name.hasPrefix("{") {
                guard let text = segment.removingPercentEncoding, !text.isEmpty else { return nil }
                found[String(name.dropFirst().dropLast())] = text
            } else if name != segment {
                return nil
            }
        }
        return found
    }

    /// HEAD is GET without the body (RFC 9110, section 9.3.2).
    func serves(_ method: BookendHTTP.Method) -> Bool {
        method == self.method || method == .head && self.method == .get
    }

    /// As `Allow` lists them.
    var methods: [String] { method == .get ? ["GET", "HEAD"] : [method.name] }
}

extension BookendHTTP.Method {
    /// Of those that routes have.
    var name: String {
        switch self {
        case .get: "GET"
        case .head: "HEAD"
        case .post: "POST"
        case .put: "PUT"
        case .delete: "DELETE"
        case .patch: "PATCH"
        case .options: "OPTIONS"
        case .trace: "TRACE"
        case .connect: "CONNECT"
        case .other: "other"
        }
    }
}
