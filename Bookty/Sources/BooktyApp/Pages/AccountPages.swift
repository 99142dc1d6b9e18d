import Hummingbird

/// Signing up, in and out.
struct AccountPages {
    let platform: Platform
    let renderer: PageRenderer

    func add(to routes: inout Routes) {
        routes.get("/sign-up") { request, context in
            form(isNew: true, name: "", next: request.query("next"), message: nil, context)
        }
        routes.get("/sign-in") { request, context in
            form(isNew: false, name: "", next: request.query("next"), message: nil, context)
        }
        routes.post("/sign-up") { request, context in
            try await submit(request, context, isNew: true) { name, password in
                try await platform.accounts.create(try Credentials(name: name, password: password))
            }
        }
        routes.post("/sign-in") { request, context in
            try await submit(request, context, isNew: false) { name, password in
                guard let account = try await platform.accounts.check(name: name, password: password) else {
                    throw Problem.wrongPassword
                }
                return account
            }
        }
        routes.post("/sign-out") { request, context in
            _ = try await request.form(context)
            if let session = context.session { try await platform.sessions.end(session) }
            var response = Response.seeOther("/")
            response.endSession()
            return response
        }
    }

    /// Takes the form, and shows it again with the reason when it is refused.
    private func submit(
        _ request: Request, _ context: BooktyContext, isNew: Bool,
        account: (String, String) async throws -> Account
    ) async throws -> Response {
        let fields = try await request.form(context)
        let name = fields["name"] ?? ""
        do {
            let account = try await account(name, fields["password"] ?? "")
            if let earlier = context.session { try await platform.sessions.end(earlier) }
            var response = Response.seeOther(Link.local(fields["next"]))
            response.beginSession(token: try await platform.sessions.begin(for: account))
            return response
        } catch let problem as Problem where problem.status.code < 500 {
            var response = form(isNew: isNew, name: name, next: fields["next"], message: problem.detail, context)
            response.status = problem.status
            return response
        }
    }

    private func form(
        isNew: Bool, name: String, next: String?, message: String?, _ context: BooktyContext
    ) -> Response {
        var values: PageRenderer.Values = [
            "isNew": isNew, "name": name, "next": Link.local(next), "nextQuery": Link.encode(Link.local(next)),
        ]
        values["message"] = message
        return renderer.page("account", title: isNew ? "Sign up" : "Sign in", values, context: context)
    }
}
