import BookendConfig
import BookendLoop
import BookendProxy

/// Sends messages of syslog as datagrams: to the socket of this machine's syslog, or over UDP (RFC 5426). A datagram that was
/// sent is all that can be known: nobody says that it arrived.
enum SyslogSender {
    /// May block to resolve a name.
    static func send(_ line: SyslogLine, to place: AlertTarget.Syslog) -> AlertOutcome {
        let address: SocketAddress
        switch place {
        case .socket(let path):
            guard let found = SocketAddress(unixPath: path) else { return .failed("the path is too long") }
            address = found
        case .network(let server):
            do throws(ResolutionFailure) { address = try SocketAddress(resolving: server) } catch {
                return .failed("\(error)")
            }
        }
        if let error = Datagram.send(line.bytes, to: address) { return .failed("\(error)") }
        return .taken("sent")
    }
}
