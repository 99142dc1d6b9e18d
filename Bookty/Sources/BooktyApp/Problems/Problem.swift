package import HTTPTypes

/// What went wrong with a request, in the terms of RFC 9457.
package struct Problem: Error, Sendable, Equatable {
    package let status: HTTPResponse.Status
    /// A sentence for the person who sent the request; never anything internal.
    package let detail: String
    /// Fields that belong to the answer, such as `Allow` or `Retry-After`.
    var headers: HTTPFields = [:]

    /// The short name of the kind of problem: the status code's phrase.
    var title: String { status.reasonPhrase.isEmpty ? "Error" : status.reasonPhrase }
}

extension Problem {
    static func invalid(_ detail: String) -> Problem { Problem(status: .unprocessableContent, detail: detail) }
    static func malformed(_ detail: String) -> Problem { Problem(status: .badRequest, detail: detail) }
    static func notFound(_ detail: String) -> Problem { Problem(status: .notFound, detail: detail) }
    static func conflict(_ detail: String) -> Problem { Problem(status: .conflict, detail: detail) }
    static func forbidden(_ detail: String) -> Problem { Problem(status: .forbidden, detail: detail) }
    static func internalFault(_ detail: String) -> Problem { Problem(status: .internalServerError, detail: detail) }

    static let notSignedIn = Problem(status: .unauthorized, detail: "Sign in first.")

    static func tooLarge(limit: Int) -> Problem {
        Problem(status: .contentTooLarge, detail: "The body may have at most \(limit) bytes.")
    }

    static func wrongMediaType(_ wanted: String) -> Problem {
        Problem(status: .unsupportedMediaType, detail: "Send the body as \(wanted).", headers: [.accept: wanted])
    }

    static func wrongMethod(allowed: String) -> Problem {
        Problem(
            status: .methodNotAllowed, detail: "This address answers to \(allowed).", headers: [.allow: allowed])
    }

    /// The server cannot do this now; the same request may succeed a few seconds later.
    static func busy(_ detail: String) -> Problem {
        Problem(status: .serviceUnavailable, detail: detail, headers: [.retryAfter: "2"])
    }
}
