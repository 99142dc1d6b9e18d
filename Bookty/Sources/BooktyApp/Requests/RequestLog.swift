import Foundation
import HTTPTypes
import Hummingbird
import Synchronization

/// Whether a line is written for each request.
package enum LogMode: String, Sendable, CaseIterable {
    case off
    case requests
}

/// One line per request on the error stream: time, server, method, path, status, bytes, milliseconds, request id.
///
/// The id is the balancer's `X-Request-Id`, so that a line here can be found beside its line there; `-` without one.
struct RequestLog: RouterMiddleware {
    typealias Context = BooktyContext

    private static let longestPath = 200

    let name: String

    func handle(
        _ request: Request, context: BooktyContext,
        next: (Request, BooktyContext) async throws -> Response
    ) async throws -> Response {
        let start = ContinuousClock.now
        let response = try await next(request, context)
        let took = start.duration(to: .now)
        let milliseconds = Double(took.components.seconds) * 1e3 + Double(took.components.attoseconds) / 1e15
        let line = [
            Date().formatted(.iso8601.time(includingFractionalSeconds: true)), name, request.method.rawValue,
            String(request.uri.path.prefix(Self.longestPath)), "\(response.status.code)",
            response.body.contentLength.map(String.init) ?? "-", String(format: "%.1fms", milliseconds),
            request.safeID ?? "-",
        ]
        write(line.joined(separator: " ") + "\n")
        return response
    }

    /// One `write` per line, so that lines of several instances on one terminal do not mix.
    private func write(_ line: String) {
        let bytes = Array(line.utf8)
        _ = Foundation.write(STDERR_FILENO, bytes, bytes.count)
    }
}

extension Request {
    /// The request id, if it has a sane length and no characters that could forge a log line.
    var safeID: String? {
        guard let id = headers[.requestID], (1...128).contains(id.utf8.count) else { return nil }
        return id.utf8.allSatisfy { (0x21...0x7e).contains($0) } ? id : nil
    }
}
