import BookendHTTP
import Foundation

/// An answer of the admin API.
struct AdminAnswer {
    enum Content {
        case whole(Data)
        /// Events, from the one after that id on, until one side leaves.
        case events(after: String?)
    }

    let status: Int
    let type: String
    let content: Content
    /// More lines of the head.
    var fields: [String] = []

    /// A problem document (RFC 9457).
    struct Problem: Codable {
        let title: String
        let status: Int
        let detail: String
        /// Of a drain that the N-1 guard refused.
        var `guard`: GuardReport?
    }

    static func json(_ value: some Encodable) -> AdminAnswer {
        AdminAnswer(status: 200, type: "application/json", content: .whole(AdminJSON.encoded(value)))
    }

    static func text(_ text: String) -> AdminAnswer {
        AdminAnswer(status: 200, type: "text/plain", content: .whole(Data(text.utf8)))
    }

    /// It is done, and there is nothing to say.
    static let done = AdminAnswer(status: 204, type: "", content: .whole(Data()))

    static func events(after id: String?) -> AdminAnswer {
        AdminAnswer(status: 200, type: "text/event-stream", content: .events(after: id))
    }

    static func problem(
        _ status: Int, _ detail: String, fields: [String] = [], guard figures: GuardReport? = nil
    ) -> AdminAnswer {
        let problem = Problem(title: title(status), status: status, detail: detail, guard: figures)
        return AdminAnswer(
            status: status, type: "application/problem+json", content: .whole(AdminJSON.encoded(problem)),
            fields: fields)
    }

    /// The head, and the body unless it is a stream: that one ends with the connection (RFC 9112, section 6.3).
    ///
    /// - Parameter hasBody: not in the answer to HEAD.
    func bytes(hasBody: Bool) -> [UInt8] {
        var lines = ["HTTP/1.1 \(status) \(Self.title(status))"] + fields
        var body = Data()
        switch content {
        // Not of a 204 (RFC 9110, section 8.6).
        case .whole where status == 204: break
        case .whole(let data):
            lines += ["Content-Type: \(type)", "Content-Length: \(data.count)"]
            if hasBody { body = data }
        case .events: lines.append("Content-Type: \(type)")
        }
        // What holds now is of no use later, and no page may guess at its type.
        lines += ["Cache-Control: no-store", "X-Content-Type-Options: nosniff", "Connection: close", "", ""]
        return Array(lines.joined(separator: "\r\n").utf8) + body
    }

    private static func title(_ status: Int) -> String { "\(StatusName.of(status))" }
}

/// Takes the answer, once: at once or in a later turn.
typealias AdminReply = (AdminAnswer) -> Void

/// JSON as the admin API writes it: names_with_underscores, in order.
enum AdminJSON {
    static func encoded(_ value: some Encodable) -> Data {
        let encoder = JSONEncoder()
        encoder.keyEncodingStrategy = .convertToSnakeCase
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        // Only numbers and text are encoded, and no number that JSON lacks.
        return (try? encoder.encode(value)) ?? Data()
    }

    /// Nil when it is not what is wanted.
    static func decoded<Value: Decodable>(_ type: Value.Type, _ data: Data) -> Value? {
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        return try? decoder.decode(type, from: data)
    }
}
