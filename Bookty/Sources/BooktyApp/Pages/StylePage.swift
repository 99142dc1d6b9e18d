import BooktyAssets
import HTTPTypes
import Hummingbird
import NIOCore

/// The style sheet and the icon. Pages name the style by its content's digest, so it may be kept for good.
struct StylePage {
    func add(to routes: inout Routes) {
        let style = ByteBuffer(string: Assets.style)
        routes.get("/style.css") { _, _ in
            Self.file(style, type: "text/css; charset=utf-8")
        }
        let icon = ByteBuffer(string: Self.icon)
        routes.get("/favicon.svg") { _, _ in Self.file(icon, type: "image/svg+xml") }
        routes.get("/favicon.ico") { _, _ in .seeOther("/favicon.svg") }
        routes.get("/robots.txt") { _, _ in
            Self.file(ByteBuffer(string: "User-agent: *\nDisallow: /reports/\nDisallow: /api/\n"), type: "text/plain")
        }
    }

    private static func file(_ content: ByteBuffer, type: String) -> Response {
        Response(
            status: .ok, headers: [.contentType: type, .cacheControl: "public, max-age=31536000, immutable"],
            body: ResponseBody(byteBuffer: content))
    }

    private static let icon = """
        <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="7" fill="#b8442f"/>\
        <path d="M8 7h4v18H8zM14 10h4v15h-4zM20.4 8.6l3.9-.9 3.6 16.4-3.9.9z" fill="#f5efe3"/></svg>
        """
}
