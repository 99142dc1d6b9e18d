import BooktyApp
import NIOCore
import NIOEmbedded
import NIOHTTP1
import Testing

@Suite("Connections")
struct ConnectionTests {
    @Test(
        "A connection ends after a request of HTTP/1.0 and after one that asks for it, and is kept otherwise",
        arguments: [
            (HTTPVersion.http1_0, [], true), (.http1_0, ["Keep-Alive"], false), (.http1_1, [], false),
            (.http1_1, ["Close"], true), (.http1_1, ["TE, close"], true), (.http1_1, ["keep-alive"], false),
        ] as [(HTTPVersion, [String], Bool)])
    func closing(version: HTTPVersion, words: [String], ends: Bool) throws {
        let channel = EmbeddedChannel(handler: ConnectionCloseHandler())
        let headers = HTTPHeaders(words.map { ("Connection", $0) })
        let head = HTTPRequestHead(version: version, method: .GET, uri: "/", headers: headers)
        try channel.writeInbound(HTTPServerRequestPart.head(head))
        guard case .head(let passed) = try channel.readInbound(as: HTTPServerRequestPart.self) else {
            Issue.record("the request did not come through")
            return
        }
        #expect((passed.headers["connection"] == ["close"]) == ends)
        _ = try? channel.finish()
    }
}
