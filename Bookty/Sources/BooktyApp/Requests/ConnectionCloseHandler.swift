package import NIOCore
package import NIOHTTP1
import NIOHTTPTypesHTTP1

/// Marks the requests after which the connection ends, in the one way that Hummingbird looks for.
///
/// A client of HTTP/1.0 that did not ask to keep the connection reads until it is closed, and would otherwise wait for
/// the idle timeout; and `Connection` is a list of words in any mixture of capitals (RFC 9110, section 7.6.1).
package final class ConnectionCloseHandler: ChannelInboundHandler, RemovableChannelHandler {
    package typealias InboundIn = HTTPServerRequestPart
    package typealias InboundOut = HTTPServerRequestPart

    package init() {}

    package func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard case .head(var head) = unwrapInboundIn(data) else { return context.fireChannelRead(data) }
        let words = head.headers[canonicalForm: "connection"].map { $0.lowercased() }
        let isOld = (head.version.major, head.version.minor) < (1, 1) && !words.contains("keep-alive")
        if isOld || words.contains("close") {
            head.headers.replaceOrAdd(name: "connection", value: "close")
        }
        context.fireChannelRead(wrapInboundOut(.head(head)))
    }
}

/// Puts a `ConnectionCloseHandler` before the codec that hides the protocol's version, and then does nothing.
///
/// Hummingbird adds the handlers it is given after that codec.
final class ConnectionCloseInstaller: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = Any

    func handlerAdded(context: ChannelHandlerContext) {
        let operations = context.pipeline.syncOperations
        do {
            let codec = try operations.handler(type: HTTP1ToHTTPServerCodec.self)
            try operations.addHandler(ConnectionCloseHandler(), position: .before(codec))
        } catch {
            context.fireErrorCaught(error)
        }
    }
}
