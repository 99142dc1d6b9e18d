import CNIOLLHTTP

/// What Bookend accepts and llhttp refuses, on purpose, each with the reason why it is safe.
enum LooserThanReference {
    static func allows(_ ours: Message, _ refused: Reference.Refused, _ bytes: [UInt8]) -> Bool {
        if refused.isInBody, DifferentFromReference.allowsEnd(of: ours) { return true }
        // Rule 3: framing fields in trailers are dropped unread; llhttp reads them after the fact.
        let framing = [HPE_UNEXPECTED_CONTENT_LENGTH, HPE_INVALID_CONTENT_LENGTH, HPE_INVALID_TRANSFER_ENCODING]
        if refused.isInBody, framing.contains(refused.code) { return true }
        return switch refused.code {
        // Rule 16: any token is a method; llhttp has a list.
        case HPE_INVALID_METHOD: !ours.method.isEmpty
        // RFC 9110, section 8.6, allows the same length twice, and Bookend writes it once.
        case HPE_UNEXPECTED_CONTENT_LENGTH: lengths(ours) > 1
        // The same as a list: `5, 5`.
        case HPE_INVALID_CONTENT_LENGTH:
            ours.fields.contains { isLength($0) && $0.value.contains(",") }
                || DifferentFromReference.hasTab(inField: "content-length", bytes)
        // Rule 14: a target's bytes beyond ASCII go through as they are, as in nginx.
        case HPE_INVALID_URL: ours.target.unicodeScalars.contains { $0.value >= 0x80 }
        // Rule 3: extensions are dropped, so only what could end their line early matters; llhttp parses them.
        case HPE_STRICT: refused.reason.hasPrefix("Invalid character in chunk extensions")
        case HPE_INVALID_TRANSFER_ENCODING: DifferentFromReference.hasTab(inField: "transfer-encoding", bytes)
        default: false
        }
    }

    private static func lengths(_ message: Message) -> Int { message.fields.count { isLength($0) } }

    private static func isLength(_ line: Message.Line) -> Bool { line.name.lowercased() == "content-length" }
}
