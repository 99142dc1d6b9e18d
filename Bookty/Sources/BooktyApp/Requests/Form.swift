import Foundation
import Hummingbird

/// The fields of a posted form. When a field comes twice, the first counts.
package struct Form: Sendable {
    private static let mostFields = 32

    private var fields: [String: String] = [:]

    /// Reads `application/x-www-form-urlencoded`. Throws `Problem.malformed`.
    package init(encoded: String) throws(Problem) {
        let pairs = encoded.split(separator: "&")
        guard pairs.count <= Self.mostFields else { throw .malformed("The form has too many fields.") }
        for pair in pairs {
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard let name = Self.decode(parts[0]), let value = Self.decode(parts.count > 1 ? parts[1] : "") else {
                throw .malformed("The form is not encoded correctly.")
            }
            if fields[name] == nil { fields[name] = value }
        }
    }

    package subscript(name: String) -> String? { fields[name] }

    private static func decode(_ text: Substring) -> String? {
        text.replacing("+", with: " ").removingPercentEncoding
    }
}

extension Request {
    /// The posted form, if it was sent by one of Bookty's pages. Throws `Problem`.
    func form(_ context: BooktyContext) async throws(Problem) -> Form {
        try requireContentType("application/x-www-form-urlencoded")
        let form = try Form(encoded: try await text())
        try form.checkToken(context)
        return form
    }
}
