/// Every refusal there is, by rule. One place, so that documentation, tests and the fuzzer can name them.
extension Refusal {
    // Rule 1: one framing, beyond doubt.
    public static let lengthMalformed = Refusal(400, rule: 1, "Content-Length is not a plain decimal number")
    public static let lengthsDiffer = Refusal(400, rule: 1, "Content-Length appears twice with different values")
    public static let lengthAndCoding = Refusal(400, rule: 1, "Content-Length and Transfer-Encoding are both there")
    public static let codingUnknown = Refusal(400, rule: 1, "Transfer-Encoding is not exactly \"chunked\"")
    public static let codingRepeated = Refusal(400, rule: 1, "Transfer-Encoding appears twice")
    public static let codingInOldVersion = Refusal(400, rule: 1, "Transfer-Encoding in an HTTP/1.0 message")

    // Rule 2: the grammar of lines and fields.
    public static let bareLineFeed = Refusal(400, rule: 2, "a line ends with LF instead of CR LF")
    public static let bareCarriageReturn = Refusal(400, rule: 2, "a CR is not followed by LF")
    public static let foldedLine = Refusal(400, rule: 2, "a line begins with white space (obsolete folding)")
    public static let spaceBeforeColon = Refusal(400, rule: 2, "white space between a field's name and its colon")
    public static let fieldNameEmpty = Refusal(400, rule: 2, "a field has no name")
    public static let fieldNameInvalid = Refusal(400, rule: 2, "a byte in a field's name is not allowed there")
    public static let colonMissing = Refusal(400, rule: 2, "a field line has no colon")
    public static let valueInvalid = Refusal(400, rule: 2, "a control byte in a field's value")

    // Rule 3: chunks.
    public static let chunkSizeMalformed = Refusal(400, rule: 3, "a chunk's size is not a hexadecimal number")
    public static let chunkSizeTooLarge = Refusal(400, rule: 3, "a chunk's size is too large")
    public static let chunkExtensionInvalid = Refusal(400, rule: 3, "a control byte in a chunk's extension")
    public static let chunkExtensionsTooLong = Refusal(400, rule: 3, "the chunk extensions of a message are too long")
    public static let chunkEndMissing = Refusal(400, rule: 3, "a chunk's data does not end with CR LF")
    public static let trailersTooLarge = Refusal(431, rule: 3, "the trailers are too large")

    // Rule 4: whom the request is for.
    public static let hostMissing = Refusal(400, rule: 4, "an HTTP/1.1 request has no Host field")
    public static let hostRepeated = Refusal(400, rule: 4, "Host appears twice")
    public static let hostInvalid = Refusal(400, rule: 4, "Host is not a valid name with an optional port")
    public static let targetAuthorityInvalid = Refusal(400, rule: 4, "the request target names no valid host")
    public static let targetFormInvalid = Refusal(400, rule: 4, "the request target is no path and no http URL")
    public static let asteriskNotOptions = Refusal(400, rule: 4, "the request target * is only for OPTIONS")
    public static let connectRefused = Refusal(405, rule: 4, "CONNECT is not served here")

    // Rule 5: hop-by-hop fields.
    public static let connectionTooLong = Refusal(400, rule: 5, "Connection names too many fields")

    // Rule 10: a message ends where its framing says.
    public static let bodyTruncated = Refusal(400, rule: 10, "the connection closed before the end of the message")

    // Rule 16: limits.
    public static let bodyTooLarge = Refusal(413, rule: 16, "the body is larger than this listener allows")
    public static let headTooLarge = Refusal(431, rule: 16, "the head is too large")
    public static let tooManyFields = Refusal(431, rule: 16, "the head has too many fields")
    public static let targetTooLong = Refusal(414, rule: 16, "the request target is too long")
    public static let methodTooLong = Refusal(501, rule: 16, "the method is too long to be one")

    // Rule 17: start lines.
    public static let tlsHello = Refusal(400, rule: 17, "a TLS hello on a port that speaks plain HTTP")
    public static let http2Preface = Refusal(400, rule: 17, "an HTTP/2 preface on a port that speaks HTTP/1.1")
    public static let methodInvalid = Refusal(400, rule: 17, "a byte in the method is not allowed there")
    public static let targetInvalid = Refusal(400, rule: 17, "a byte in the request target is not allowed there")
    public static let targetEmpty = Refusal(400, rule: 17, "the request target is empty")
    public static let versionMissing = Refusal(400, rule: 17, "the request line has no HTTP version")
    public static let versionMalformed = Refusal(400, rule: 17, "the HTTP version is malformed")
    public static let versionUnsupported = Refusal(505, rule: 17, "the HTTP version is neither 1.1 nor 1.0")
    public static let statusMalformed = Refusal(400, rule: 17, "the status is not a number of three digits")
    public static let reasonInvalid = Refusal(400, rule: 17, "a control byte in the status line's reason")
}
