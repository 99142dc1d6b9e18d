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

    /// - Parameter since: a time or a length of time, as `GET /v1/journal` takes it.
    public func journal(since: String, after: Int64) throws -> JournalPage {
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        let since = since.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? ""
        return try decoder.decode(JournalPage.self, from: get("/v1/journal?since=\(since)&after=\(after)"))
    }

    /// Bookend answers, and does not take it; why, in its own words.
    public struct Refused: Error, CustomStringConvertible {
        public let description: String
    }

    public func report(_ report: MemoryReport, of server: String) throws {
        let encoder = JSONEncoder()
        encoder.keyEncodingStrategy = .convertToSnakeCase
        let body = try encoder.encode(report)
        let head =
            "POST /v1/servers/\(server)/report HTTP/1.1\r\nHost: bookend\r\nContent-Length: \(body.count)\r\n\r\n"
        let (status, answer) = try ask(Array(head.utf8) + body)
        guard status == 204 else {
            let problem = try? JSONDecoder().decode(AdminAnswer.Problem.self, from: answer)
            throw Refused(description: problem?.detail ?? "status \(status)")
        }
    }

    /// The body of a 200.
    private func get(_ target: String) throws -> Data {
        let (status, body) = try ask(Array("GET \(target) HTTP/1.1\r\nHost: bookend\r\n\r\n".utf8))
        guard status == 200 else { throw Unreachable(description: "Bookend at \(path) answered with status \(status)") }
        return body
    }

    private func ask(_ request: [UInt8]) throws -> (status: Int, body: Data) {
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
        guard socket.writeAll(request) else {
            throw Unreachable(description: "Bookend at \(path) closed the connection")
        }
        let answer = Data(BlockingSocket.readAll(socket))
        let line = String(decoding: answer.prefix(12), as: UTF8.self)
        guard let end = answer.range(of: Data("\r\n\r\n".utf8)), line.hasPrefix("HTTP/1.1 "),
            let status = Int(line.suffix(3))
        else {
            throw Unreachable(description: "Bookend at \(path) gave no answer in \(Self.patience) s")
        }
        return (status, answer[end.upperBound...])
    }
}
