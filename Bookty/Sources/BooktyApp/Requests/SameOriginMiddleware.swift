import HTTPTypes
import Hummingbird

/// Refuses changes that another site's page makes a visitor's browser send.
///
/// Browsers say where a request comes from (`Sec-Fetch-Site`, or `Origin` in older ones); programs such as curl send
/// neither and carry no stolen cookies. Forms also carry a token; see `FormToken`.
struct SameOriginMiddleware: RouterMiddleware {
    typealias Context = BooktyContext

    func handle(
        _ request: Request, context: BooktyContext,
        next: (Request, BooktyContext) async throws -> Response
    ) async throws -> Response {
        let isHarmless = request.method == .get || request.method == .head || request.method == .options
        guard isHarmless || Self.isOwn(request) else {
            throw Problem.forbidden("This request comes from another site; only Bookty's own pages may change things.")
        }
        return try await next(request, context)
    }

    private static func isOwn(_ request: Request) -> Bool {
        if let site = request.headers[.secFetchSite] {
            return site == "same-origin" || site == "none"
        }
        guard let origin = request.headers[.origin] else { return true }
        // Behind a balancer the name that the browser used may be in X-Forwarded-Host.
        let hosts = [request.headers[.forwardedHost], request.head.authority].compactMap { $0 }
        return hosts.contains { origin == "http://\($0)" || origin == "https://\($0)" }
    }
}
