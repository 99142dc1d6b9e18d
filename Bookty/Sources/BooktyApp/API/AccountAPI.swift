import HTTPTypes
import Hummingbird

/// `/api/sign-up`, `/api/sign-in`, `/api/sign-out`, `/api/me`.
struct AccountAPI {
    private struct SignIn: Decodable {
        let name: String
        let password: String
    }

    private struct Change: Decodable {
        let about: String
    }

    let platform: Platform

    func add(to routes: inout Routes) {
        let platform = platform
        routes.post("/api/sign-up") { request, _ in
            let body = try await request.json(SignIn.self)
            let credentials = try Credentials(name: body.name, password: body.password)
            let account = try await platform.accounts.create(credentials)
            return try await Self.signedIn(account, status: .created, platform: platform)
        }
        routes.post("/api/sign-in") { request, _ in
            let body = try await request.json(SignIn.self)
            guard let account = try await platform.accounts.check(name: body.name, password: body.password) else {
                throw Problem.wrongPassword
            }
            return try await Self.signedIn(account, status: .ok, platform: platform)
        }
        routes.post("/api/sign-out") { _, context in
            if let session = context.session { try await platform.sessions.end(session) }
            var response = Response.noContent
            response.endSession()
            return response
        }
        routes.get("/api/me") { _, context in
            .json(AccountDocument(try context.reader()))
        }
        routes.patch("/api/me") { request, context in
            let reader = try context.reader()
            let change = try await request.json(Change.self)
            return .json(AccountDocument(try await platform.accounts.describe(reader, as: change.about)))
        }
    }

    private static func signedIn(
        _ account: Account, status: HTTPResponse.Status, platform: Platform
    ) async throws -> Response {
        var response = Response.json(AccountDocument(account), status: status)
        response.beginSession(token: try await platform.sessions.begin(for: account))
        return response
    }
}

extension Problem {
    static let wrongPassword = Problem(status: .unauthorized, detail: "The name or the password is wrong.")
}
