import Foundation
import HTTPTypes
import Hummingbird
import NIOCore

extension Request {
    /// The most a form or a JSON document may have, in bytes: a review of 5,000 characters fits several times.
    static let longestBody = 64 * 1024

    /// The body as UTF-8 text. Throws `Problem`: 413 when it is too long, 400 when it is not UTF-8 or breaks off.
    func text() async throws(Problem) -> String {
        if let length = headers[.contentLength].flatMap(Int.init), length > Self.longestBody {
            throw .tooLarge(limit: Self.longestBody)
        }
        let buffer: ByteBuffer
        do {
            buffer = try await body.collect(upTo: Self.longestBody)
        } catch is NIOTooManyBytesError {
            throw .tooLarge(limit: Self.longestBody)
        } catch {
            throw .malformed("The body broke off.")
        }
        guard let text = String(validating: buffer.readableBytesView, as: UTF8.self) else {
            throw .malformed("The body is not UTF-8 text.")
        }
        return text
    }

    func requireContentType(_ wanted: String) throws(Problem) {
        let type = headers[.contentType]?.prefix { $0 != ";" }.trimmingCharacters(in: .whitespaces).lowercased()
        guard type == wanted else { throw .wrongMediaType(wanted) }
    }
}
