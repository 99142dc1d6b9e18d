import BooktyAssets
import HTTPTypes
import Hummingbird
import Mustache
import NIOCore

/// Makes pages from templates. Mustache escapes every value, so text of readers cannot become markup.
struct PageRenderer: Sendable {
    typealias Values = [String: Any]

    let serverName: String
    private let library: MustacheLibrary
    private let styleVersion: String

    /// Throws `StartFailure` when a template that is built into the program is broken.
    init(serverName: String) throws {
        self.serverName = serverName
        styleVersion = String(Token.digest(Assets.style).prefix(12))
        var library = MustacheLibrary()
        for (name, text) in Assets.templates {
            do {
                try library.register(text, named: name)
            } catch {
                throw StartFailure("the template “\(name)” is broken: \(error)")
            }
        }
        self.library = library
    }

    /// A page: the template's content inside the frame that all pages share.
    func page(
        _ template: String, title: String, _ values: Values, context: BooktyContext,
        status: HTTPResponse.Status = .ok
    ) -> Response {
        var values = values
        values["pageTitle"] = title
        values["server"] = serverName
        values["style"] = styleVersion
        values["token"] = context.formToken
        values["reader"] = context.session?.account.name
        values["thisYear"] = Moment.now.year
        values["content"] = library.render(values, withTemplate: template) ?? ""
        let text = library.render(values, withTemplate: "layout") ?? ""
        return Response(
            status: status,
            headers: [.contentType: "text/html; charset=utf-8", .cacheControl: "no-store"],
            body: ResponseBody(byteBuffer: ByteBuffer(string: text)))
    }

    /// The page for something that went wrong.
    func problem(_ problem: Problem, request: Request, context: BooktyContext) -> Response {
        var values: Values = [
            "code": problem.status.code, "heading": problem.title, "detail": problem.detail,
            "offerSignIn": problem.status == .unauthorized,
        ]
        values["requestID"] = request.safeID
        return page("problem", title: problem.title, values, context: context, status: problem.status)
    }
}

extension Response {
    /// Sends a browser elsewhere after a form was taken, so that reloading does not send the form again.
    static func seeOther(_ path: String) -> Response {
        Response(status: .seeOther, headers: [.location: path])
    }
}
