import Foundation
import HTTPTypes
import Hummingbird
import NIOCore

extension Response {
    /// A JSON answer. Never throws: the values are Bookty's own and all of them can be encoded.
    static func json(
        _ value: some Encodable, status: HTTPResponse.Status = .ok, type: String = "application/json"
    ) -> Response {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let body = (try? encoder.encode(value)) ?? Data("{}".utf8)
        return Response(
            status: status, headers: [.contentType: type, .cacheControl: "no-store"],
            body: ResponseBody(byteBuffer: ByteBuffer(bytes: body + Data("\n".utf8))))
    }

    static let noContent = Response(status: .noContent)
}

extension Request {
    /// The JSON body. Throws `Problem`: 415 for another media type, 400 with the place of a mistake.
    func json<Value: Decodable>(_ type: Value.Type) async throws(Problem) -> Value {
        try requireContentType("application/json")
        let text = try await text()
        do {
            return try JSONDecoder().decode(type, from: Data(text.utf8))
        } catch let error as DecodingError {
            throw .malformed(error.sentence)
        } catch {
            throw .malformed("The body is not valid JSON.")
        }
    }
}

extension DecodingError {
    /// What is wrong, in terms of the document and not of Swift's types.
    fileprivate var sentence: String {
        switch self {
        case .keyNotFound(let key, let context):
            "The field “\(Self.name(context.codingPath + [key]))” is missing."
        case .typeMismatch(let type, let context), .valueNotFound(let type, let context):
            context.codingPath.isEmpty
                ? "The body must be a JSON object."
                : "The field “\(Self.name(context.codingPath))” must be \(Self.word(for: type))."
        default:
            "The body is not valid JSON."
        }
    }

    private static func name(_ path: [any CodingKey]) -> String {
        path.map(\.stringValue).joined(separator: ".")
    }

    private static func word(for type: any Any.Type) -> String {
        switch type {
        case is String.Type: "a string"
        case is Int.Type: "a whole number"
        default: "of another type"
        }
    }
}
