import BookendLoop
public import Foundation
import Glibc

/// Asks a running Bookend, from another process.
public struct AdminClient {
    /// Nobody answers there.
    public struct Unreachable: Error, CustomStringConvertible {
        public let description: String
    }

    /// Bookend answers, and does not take it; why, in its own words.
    public struct Refused: Error, CustomStringConvertible {
        public let description: String
        public let status: Int
        /// What the N-1 guard computed, when it is the one that refused.
        public let `guard`: GuardReport?
        /// The problem document.
        public let json: Data
    }

    static let patience = 5

    private let place: AdminAddress
    private let token: String?

    /// - Parameter token: that the admin API over TCP wants; the socket wants none.
    public init(at place: AdminAddress, token: String?) {
        self.place = place
        self.token = token
    }

    public func status() throws -> (report: StatusReport, json: Data) {
        try document(of: "GET", "/v1/status", body: nil)
    }

    /// - Parameter server: `NAME`, or `POOL/NAME`.
    ///
    /// - Returns: what the agent is to do.
    public func report(_ report: MemoryReport, of server: String) throws -> HookOrder? {
        let answer = try ask("POST", "/v1/servers/\(Self.segment(server))/report", body: AdminJSON.encoded(report))
        return AdminJSON.decoded(AgentOrders.self, answer)?.recycle
    }

    /// - Parameter since: a time or a length of time, as `GET /v1/journal` takes it.
    public func journal(since: String, after: Int64) throws -> JournalPage {
        let (page, _): (JournalPage, Data) = try document(
            of: "GET", "/v1/journal?since=\(Self.segment(since))&after=\(after)", body: nil)
        return page
    }

    /// A good answer, and as it came.
    ///
    /// - Parameter seconds: that it may take.
    func document<Document: Decodable>(
        of method: String, _ target: String, body: Data?, within seconds: Int = patience
    ) throws -> (Document, json: Data) {
        let json = try ask(method, target, body: body, within: seconds)
        guard let document = AdminJSON.decoded(Document.self, json) else {
            throw Unreachable(description: "what answers at \(place) is no Bookend, or one of another version")
        }
        return (document, json)
    }

    /// The body of a good answer.
    private func ask(
        _ method: String, _ target: String, body: Data?, within seconds: Int = patience
    ) throws -> Data {
        var head = "\(method) \(target) HTTP/1.1\r\nHost: \(place.authority)\r\nConnection: close\r\n"
        if let token { head += "Authorization: Bearer \(token)\r\n" }
        if let body { head += "Content-Type: application/json\r\nContent-Length: \(body.count)\r\n" }
        let (status, answer) = try exchange(Array((head + "\r\n").utf8) + (body ?? Data()), within: seconds)
        guard (200...299).contains(status) else {
            let problem = AdminJSON.decoded(AdminAnswer.Problem.self, answer)
            throw Refused(
                description: problem?.detail ?? "status \(status)", status: status, guard: problem?.guard, json: answer)
        }
        return answer
    }

    private func exchange(_ request: [UInt8], within seconds: Int) throws -> (status: Int, body: Data) {
        let address = try place.resolved()
        let socket: FileDescriptor
        do throws(Errno) {
            socket = try BlockingSocket.connect(to: address, patience: seconds)
        } catch {
            throw Unreachable(
                description: "no Bookend answers at \(place): \(error); is it running? (--admin names another)")
        }
        guard BlockingSocket.writeAll(request, to: socket) else {
            throw Unreachable(description: "Bookend at \(place) closed the connection")
        }
        let answer = Data(BlockingSocket.readAll(socket))
        let line = String(decoding: answer.prefix(12), as: UTF8.self)
        guard let end = answer.range(of: Data("\r\n\r\n".utf8)), line.hasPrefix("HTTP/1.1 "),
            let status = Int(line.suffix(3))
        else {
            throw Unreachable(description: "Bookend at \(place) gave no answer in \(seconds) s")
        }
        return (status, answer[end.upperBound...])
    }

    /// As one segment of a path, whatever somebody typed (RFC 3986, section 2.3).
    static func segment(_ name: String) -> String {
        let unreserved = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~"
        return name.addingPercentEncoding(withAllowedCharacters: CharacterSet(charactersIn: unreserved)) ?? name
    }
}
