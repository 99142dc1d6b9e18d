import HTTPTypes
import Hummingbird

extension HTTPField.Name {
    static let serverName = HTTPField.Name("Server-Name")!
    static let endpointLoadMetrics = HTTPField.Name("endpoint-load-metrics")!
    static let requestID = HTTPField.Name("X-Request-Id")!
    static let contentSecurityPolicy = HTTPField.Name("Content-Security-Policy")!
    static let referrerPolicy = HTTPField.Name("Referrer-Policy")!
    static let contentTypeOptions = HTTPField.Name("X-Content-Type-Options")!
    static let secFetchSite = HTTPField.Name("Sec-Fetch-Site")!
    static let forwardedHost = HTTPField.Name("X-Forwarded-Host")!
}

/// Writes on every answer which server made it, and what a browser may do with it.
struct ServerNameMiddleware: RouterMiddleware {
    typealias Context = BooktyContext

    let name: String

    /// Pages use their own style sheet and pictures and nothing else: injected markup could load or run nothing.
    private static let policy = """
        default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'
        """

    func handle(
        _ request: Request, context: BooktyContext,
        next: (Request, BooktyContext) async throws -> Response
    ) async throws -> Response {
        var response = try await next(request, context)
        response.headers[.serverName] = name
        response.headers[.contentSecurityPolicy] = Self.policy
        response.headers[.contentTypeOptions] = "nosniff"
        response.headers[.referrerPolicy] = "same-origin"
        return response
    }
}
