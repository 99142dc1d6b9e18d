import BookendCore
import BookendHTTP
import Foundation

/// What the admin API answers (interface.md, "Admin API").
struct AdminRoutes {
    let fleet: FleetStatus
    let now: Moment

    func answer(_ method: BookendHTTP.Method, _ path: String) -> AdminAnswer {
        guard method == .get || method == .head else {
            return .problem(405, "only GET and HEAD are served here")
        }
        let report = fleet.report(at: now)
        switch path {
        case "/healthz": return AdminAnswer(status: 200, type: "text/plain", body: Data("ok\n".utf8))
        case "/v1/status": return .json(report)
        case "/v1/pools": return .json(report.pools)
        case "/v1/servers": return .json(report.pools.flatMap(\.servers))
        default: return .problem(404, "there is no \(path); there are /v1/status, /v1/pools, /v1/servers, /healthz")
        }
    }
}

/// An answer of the admin API, as bytes of HTTP/1.1.
struct AdminAnswer {
    let status: Int
    let type: String
    let body: Data

    /// A problem document (RFC 9457).
    struct Problem: Encodable {
        let title: String
        let status: Int
        let detail: String
    }

    static func json(_ value: some Encodable) -> AdminAnswer {
        AdminAnswer(status: 200, type: "application/json", body: encoded(value))
    }

    static func problem(_ status: Int, _ detail: String) -> AdminAnswer {
        let problem = Problem(title: title(status), status: status, detail: detail)
        return AdminAnswer(status: status, type: "application/problem+json", body: encoded(problem))
    }

    /// - Parameter hasBody: not in the answer to HEAD.
    func bytes(hasBody: Bool) -> [UInt8] {
        let head = """
            HTTP/1.1 \(status) \(Self.title(status))\r
            \(status == 405 ? "Allow: GET, HEAD\r\n" : "")Content-Type: \(type)\r
            Content-Length: \(body.count)\r
            Connection: close\r
            \r

            """
        return Array(head.utf8) + (hasBody ? body : Data())
    }

    private static func title(_ status: Int) -> String {
        switch status {
        case 200: "OK"
        case 404: "Not Found"
        case 405: "Method Not Allowed"
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
