import HTTPTypes
import Hummingbird

/// Finds the visitor's session, if the request brings the cookie of one.
struct SessionMiddleware: RouterMiddleware {
    typealias Context = BooktyContext

    static let cookie = "bookty_session"

    let sessions: Sessions

    func handle(
        _ request: Request, context: BooktyContext,
        next: (Request, BooktyContext) async throws -> Response
    ) async throws -> Response {
        guard let token = request.cookies[Self.cookie]?.value else { return try await next(request, context) }
        var context = context
        context.session = try await sessions.session(of: token)
        return try await next(request, context)
    }
}

extension Response {
    /// Gives the visitor the session's cookie. No `Secure`: Bookty speaks plain HTTP to the balancer before it.
    mutating func beginSession(token: String) {
        let seconds = Sessions.days * 86_400
        setSessionCookie(token, seconds: seconds)
    }

    mutating func endSession() {
        setSessionCookie("", seconds: 0)
    }

    private mutating func setSessionCookie(_ value: String, seconds: Int) {
        let name = SessionMiddleware.cookie
        setCookie(Cookie(name: name, value: value, maxAge: seconds, path: "/", httpOnly: true, sameSite: .lax))
    }
}
