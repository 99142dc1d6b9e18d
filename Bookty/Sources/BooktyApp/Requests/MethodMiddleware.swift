import HTTPTypes
import Hummingbird

/// Answers `OPTIONS`, and tells a method that an address does not know (405 with `Allow`) from an unknown address.
struct MethodMiddleware: RouterMiddleware {
    typealias Context = BooktyContext

    let table: MethodTable

    func handle(
        _ request: Request, context: BooktyContext,
        next: (Request, BooktyContext) async throws -> Response
    ) async throws -> Response {
        // `OPTIONS *` asks about the server as a whole.
        let isAboutServer = request.head.path == "*"
        guard let allowed = isAboutServer ? Self.all : table.methods(of: request.uri.path) else {
            throw Problem.notFound("There is nothing at this address.")
        }
        let list = allowed.map(\.rawValue).joined(separator: ", ")
        guard request.method != .options else {
            return Response(status: .noContent, headers: [.allow: list])
        }
        guard allowed.contains(request.method) else { throw Problem.wrongMethod(allowed: list) }
        return try await next(request, context)
    }

    private static let all: [HTTPRequest.Method] = [.get, .head, .post, .put, .patch, .delete, .options]
}
