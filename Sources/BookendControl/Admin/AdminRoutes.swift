import BookendCore
import BookendHTTP
import Foundation

/// What the admin API answers (interface.md, "Admin API").
struct AdminRoutes {
    let fleet: FleetStatus
    let journal: JournalRoute
    let now: Moment

    /// - Parameters:
    ///   - query: what stands behind the `?`.
    ///   - reply: takes the answer, at once or in a later turn.
    func answer(
        _ method: BookendHTTP.Method, _ path: String, query: String, _ body: Data,
        reply: @escaping (AdminAnswer) -> Void
    ) {
        if path == JournalRoute.path, method == .get || method == .head { return journal.answer(query, reply: reply) }
        reply(answer(method, path, body))
    }

    private func answer(_ method: BookendHTTP.Method, _ path: String, _ body: Data) -> AdminAnswer {
        if let server = Self.server(reportedBy: path) {
            return method == .post ? report(server, body) : .problem(405, "a report is sent by POST", allowing: "POST")
        }
        guard method == .get || method == .head else {
            return .problem(405, "only GET and HEAD are served here", allowing: "GET, HEAD")
        }
        let report = fleet.report(at: now)
        switch path {
        case "/healthz": return AdminAnswer(status: 200, type: "text/plain", body: Data("ok\n".utf8))
        case "/v1/status": return .json(report)
        case "/v1/pools": return .json(report.pools)
        case "/v1/servers": return .json(report.pools.flatMap(\.servers))
        default:
            return .problem(
                404, "there is no \(path); there are /v1/status, /v1/pools, /v1/servers, /v1/journal, /healthz")
        }
    }

    /// The name in `/v1/servers/NAME/report`.
    private static func server(reportedBy path: String) -> String? {
        let (start, end) = ("/v1/servers/", "/report")
        guard path.hasPrefix(start), path.hasSuffix(end), path.count > start.count + end.count else { return nil }
        return String(path.dropFirst(start.count).dropLast(end.count))
    }

    /// What an agent says of a server's memory.
    private func report(_ name: String, _ body: Data) -> AdminAnswer {
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        guard let report = try? decoder.decode(MemoryReport.self, from: body) else {
            return .problem(400, "a report is {\"memory_used_bytes\": N, \"memory_limit_bytes\": N}")
        }
        guard let reading = MemoryReading(used: report.memoryUsedBytes, limit: report.memoryLimitBytes) else {
            return .problem(400, "memory_limit_bytes is a number above 0, and memory_used_bytes none below")
        }
        switch fleet.reported(name, reading) {
        case 1: return AdminAnswer(status: 204, type: "text/plain", body: Data())
        case 0: return .problem(404, "there is no server \(name); GET /v1/servers lists them")
        default: return .problem(409, "several pools have a server \(name): say pool/server")
        }
    }
}

/// An answer of the admin API, as bytes of HTTP/1.1.
struct AdminAnswer {
    let status: Int
    let type: String
    let body: Data
    /// The methods that would do, for 405.
    var allowed: String?

    /// A problem document (RFC 9457).
    struct Problem: Codable {
        let title: String
        let status: Int
        let detail: String
    }

    static func json(_ value: some Encodable) -> AdminAnswer {
        AdminAnswer(status: 200, type: "application/json", body: encoded(value))
    }

    static func problem(_ status: Int, _ detail: String, allowing methods: String? = nil) -> AdminAnswer {
        let problem = Problem(title: title(status), status: status, detail: detail)
        return AdminAnswer(
            status: status, type: "application/problem+json", body: encoded(problem), allowed: methods)
    }

    /// - Parameter hasBody: not in the answer to HEAD.
    func bytes(hasBody: Bool) -> [UInt8] {
        let head = """
            HTTP/1.1 \(status) \(Self.title(status))\r
            \(allowed.map { "Allow: \($0)\r\n" } ?? "")\(status == 204 ? "" : content)Connection: close\r
            \r

            """
        return Array(head.utf8) + (hasBody ? body : Data())
    }

    /// Not of a 204 (RFC 9110, section 8.6).
    private var content: String { "Content-Type: \(type)\r\nContent-Length: \(body.count)\r\n" }

    private static func title(_ status: Int) -> String {
        switch status {
        case 200: "OK"
        case 204: "No Content"
        case 404: "Not Found"
        case 405: "Method Not Allowed"
        case 409: "Conflict"
        case 411: "Length Required"
        case 413: "Content Too Large"
        case 503: "Service Unavailable"
        default: "Bad Request"
        }
    }

    private static func encoded(_ value: some Encodable) -> Data {
        let encoder = JSONEncoder()
        encoder.keyEncodingStrategy = .convertToSnakeCase
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        // Only numbers and text are encoded, and no number that JSON lacks.
        return (try? encoder.encode(value)) ?? Data()
    }
}
