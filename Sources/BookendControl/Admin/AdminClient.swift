import BookendLoop
public import Foundation
import Glibc

/// Asks a running Bookend, from another process.
public struct AdminClient {
    /// Nobody answers there.
    public struct Unreachable: Error, CustomStringConvertible {
        public let description: String
    }

    private static let patience = 5

    private let path: String

    public init(socket path: String) {
        self.path = path
    }

    public func status() throws -> (report: StatusReport, json: Data) {
        let json = try get("/v1/status")
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        return (try decoder.decode(StatusReport.self, from: json), json)
    }

    /// The body of a 200.
    private func get(_ target: String) throws -> Data {
        guard let address = SocketAddress(unixPath: path) else {
            throw Unreachable(description: "the path \(path) is too long for a Unix socket")
        }
        let socket: FileDescriptor
        do throws(Errno) {
            socket = try BlockingSocket.connect(to: address, patience: Self.patience)
        } catch {
            throw Unreachable(
                description: "no Bookend answers at \(path): \(error); is it running? (--admin names another)")
        }
        guard socket.writeAll(Array("GET \(target) HTTP/1.1\r\nHost: bookend\r\n\r\n".utf8)) else {
            throw Unreachable(description: "Bookend at \(path) closed the connection")
        }
        let answer = Data(BlockingSocket.readAll(socket))
        guard let end = answer.range(of: Data("\r\n\r\n".utf8)), answer.starts(with: Data("HTTP/1.1 200 ".utf8)) else {
            throw Unreachable(description: "Bookend at \(path) gave no answer in \(Self.patience) s")
        }
        return answer[end.upperBound...]
    }
}
