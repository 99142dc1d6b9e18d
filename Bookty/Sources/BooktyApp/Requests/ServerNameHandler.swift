import HTTPTypes
import NIOCore
import NIOHTTPTypes

/// Adds `Server-Name` to the answers that never reach the application, such as the 400 for a broken request line.
final class ServerNameHandler: ChannelOutboundHandler, RemovableChannelHandler {
    typealias OutboundIn = HTTPResponsePart
    typealias OutboundOut = HTTPResponsePart

    private let name: String

    init(name: String) {
        self.name = name
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        guard case .head(var head) = unwrapOutboundIn(data), !head.headerFields.contains(.serverName) else {
            return context.write(data, promise: promise)
        }
        head.headerFields[.serverName] = name
        context.write(wrapOutboundOut(.head(head)), promise: promise)
    }
}
