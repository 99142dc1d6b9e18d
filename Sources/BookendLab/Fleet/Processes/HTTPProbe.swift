public import BookendLoop
import Glibc

/// One GET, to learn whether a server answers.
public enum HTTPProbe {
    /// Seconds.
    private static let patience = 2

    /// The status of the answer; nil without one.
    public static func status(of path: String, at address: SocketAddress) -> Int? {
        guard let socket = try? BlockingSocket.connect(to: address, patience: patience) else { return nil }
        let request = "GET \(path) HTTP/1.1\r\nHost: 127.0.0.1:\(address.port)\r\nConnection: close\r\n\r\n"
        guard socket.writeAll(Array(request.utf8)) else { return nil }
        let line = String(decoding: BlockingSocket.readAll(socket).prefix(12), as: UTF8.self)
        guard line.hasPrefix("HTTP/1.") else { return nil }
        return Int(line.dropFirst(9))
    }
}
