import Foundation
import GRDB
import HTTPTypes
import Hummingbird
import NIOHTTP1

/// Turns whatever a handler throws into an answer: a problem document for programs, a page for people.
struct ProblemMiddleware: RouterMiddleware {
    typealias Context = BooktyContext

    let name: String
    let renderer: PageRenderer

    func handle(
        _ request: Request, context: BooktyContext,
        next: (Request, BooktyContext) async throws -> Response
    ) async throws -> Response {
        do {
            return try await next(request, context)
        } catch let error as HTTPParserError {
            throw error  // the connection is beyond repair; Hummingbird answers 400 and closes it
        } catch {
            return answer(Self.problem(for: error), to: request, context: context)
        }
    }

    private func answer(_ problem: Problem, to request: Request, context: BooktyContext) -> Response {
        var response: Response
        if request.prefersJSON {
            let document = ProblemDocument(problem, request: request, server: name)
            response = .json(document, status: problem.status, type: "application/problem+json")
        } else {
            response = renderer.problem(problem, request: request, context: context)
        }
        response.headers.append(contentsOf: problem.headers)
        return request.method == .head ? response.createHeadResponse() : response
    }

    /// What a caller may know about an error. The rest goes to the log: a database's words are no visitor's business.
    private static func problem(for error: any Error) -> Problem {
        switch error {
        case let problem as Problem:
            return problem
        case let error as any HTTPResponseError:
            return Problem(status: error.status, detail: "The request cannot be answered.")
        case let error as DatabaseError where error.resultCode == .SQLITE_BUSY || error.resultCode == .SQLITE_LOCKED:
            return .busy("The database is busy.")
        case let error as DatabaseError where error.resultCode == .SQLITE_CANTOPEN || error.resultCode == .SQLITE_IOERR:
            log(error)
            return .busy("The database cannot be reached.")
        case let error as DatabaseError where error.resultCode == .SQLITE_FULL:
            let full = HTTPResponse.Status(code: 507, reasonPhrase: "Insufficient Storage")
            return Problem(status: full, detail: "There is no room left to keep this.")
        default:
            log(error)
            return .internalFault("Something went wrong on our side.")
        }
    }

    private static func log(_ error: any Error) {
        FileHandle.standardError.write(Data("bookty: unexpected \(type(of: error)): \(error)\n".utf8))
    }
}

extension Request {
    private static let programPaths = ["/api", "/healthz", "/readyz"]

    /// True for the addresses that programs use, and when a caller asks for JSON and not for HTML.
    var prefersJSON: Bool {
        let path = uri.path
        if Self.programPaths.contains(where: { path == $0 || path.hasPrefix($0 + "/") }) { return true }
        let accept = headers[.accept] ?? ""
        return accept.contains("json") && !accept.contains("text/html")
    }
}
