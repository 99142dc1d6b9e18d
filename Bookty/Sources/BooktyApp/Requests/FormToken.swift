import HTTPTypes
import Hummingbird

/// The token that proves that a form was sent from a page which Bookty made for this very browser.
///
/// It is in a cookie and in a hidden field, and both must agree: another site can make a browser send the cookie but
/// cannot read it to fill in the field. It works for visitors without a session, so sign-in is protected too.
struct FormTokenMiddleware: RouterMiddleware {
    typealias Context = BooktyContext

    static let cookie = "bookty_form"
    static let field = "form_token"

    func handle(
        _ request: Request, context: BooktyContext,
        next: (Request, BooktyContext) async throws -> Response
    ) async throws -> Response {
        var context = context
        if let known = request.cookies[Self.cookie]?.value, Token.isWellFormed(known) {
            context.formToken = known
            return try await next(request, context)
        }
        context.formToken = Token.random()
        var response = try await next(request, context)
        // Only pages have forms; an API client or a picture needs no cookie.
        if response.headers[.contentType]?.hasPrefix("text/html") == true {
            response.setCookie(
                Cookie(name: Self.cookie, value: context.formToken, path: "/", httpOnly: true, sameSite: .strict))
        }
        return response
    }
}

extension Form {
    /// Throws `Problem.forbidden` when the form was not made for this browser.
    func checkToken(_ context: BooktyContext) throws(Problem) {
        guard let token = self[FormTokenMiddleware.field], Token.areEqual(token, context.formToken) else {
            throw .forbidden("This form is out of date: go back, reload the page and send it again.")
        }
    }
}
