import HTTPTypes
import Hummingbird

/// The JSON form of a problem (RFC 9457), served as `application/problem+json`.
struct ProblemDocument: Encodable {
    let title: String
    let status: Int
    let detail: String
    /// The path that was asked for.
    let instance: String
    /// To find the request in the logs; absent when it came without one.
    let requestId: String?
    let server: String

    init(_ problem: Problem, request: Request, server: String) {
        title = problem.title
        status = problem.status.code
        detail = problem.detail
        instance = request.uri.path
        requestId = request.safeID
        self.server = server
    }
}
