import BookendHTTP

/// An answer that Bookend gives itself, because no server could. Small, in the form that the client asked for, with the
/// request's id to quote.
struct Answer {
    let status: Int
    let title: StaticString
    /// What happened, for whoever reads it at night.
    let detail: StaticString
    /// How the access log names it.
    let failure: AccessRecord.Failure

    private init(_ status: Int, _ detail: StaticString, _ failure: AccessRecord.Failure) {
        self.status = status
        title = StatusName.of(status)
        self.detail = detail
        self.failure = failure
    }

    /// A request that breaks the protocol.
    init(_ refusal: Refusal) {
        self.init(refusal.status, refusal.reason, .refused)
    }

    /// A response that breaks the protocol.
    init(badResponse refusal: Refusal) {
        self.init(502, refusal.reason, .badResponse)
    }

    static let noRoute = Answer(404, "no route of this load balancer matches the request", .noRoute)
    static let headTimedOut = Answer(408, "the request's head did not arrive in time", .clientTimedOut)
    static let bodyTimedOut = Answer(408, "the request's body did not arrive in time", .clientTimedOut)
    static let unaskedUpgrade = Answer(502, "the server changed the protocol without being asked", .badResponse)
    static let serverClosed = Answer(502, "the server closed the connection before it answered", .serverGone)
    static let connectFailed = Answer(502, "no server could be reached", .connectFailed)
    static let overloaded = Answer(
        503, "more requests come than the servers can answer now; nothing was done with this one", .shed)
    static let outOfMemory = Answer(
        503, "slow connections hold the memory of this load balancer; nothing was done with this request", .outOfMemory)
    static let tooMany = Answer(
        429, "this client asks for more than its share while others wait; nothing was done with this request", .shed)
    static let noServer = Answer(503, "no server is left to try", .noServer)
    static let connectTimedOut = Answer(504, "no server took the connection in time", .connectFailed)
    static let responseTimedOut = Answer(504, "the server did not answer in time", .serverTimedOut)
}

/// The body, as a problem document (RFC 9457) or a page.
enum AnswerBody {
    /// Bytes of either form without title, detail and id.
    private static let frameBytes = 512

    static func bound(_ answer: Answer) -> Int {
        frameBytes + 2 * answer.title.utf8CodeUnitCount + 2 * answer.detail.utf8CodeUnitCount + 2
            * RequestID.maximumLength
    }

    static func writeProblem(
        _ answer: Answer, _ id: (inout OutputSpan<UInt8>) -> Void, to output: inout OutputSpan<UInt8>
    ) {
        output.append("{\"title\":\"")
        output.append(answer.title)
        output.append("\",\"status\":")
        output.appendDecimal(UInt64(answer.status))
        output.append(",\"detail\":\"")
        writeEscaped(answer.detail, to: &output)
        output.append("\",\"request_id\":\"")
        id(&output)
        output.append("\"}\n")
    }

    static func writePage(
        _ answer: Answer, _ id: (inout OutputSpan<UInt8>) -> Void, to output: inout OutputSpan<UInt8>
    ) {
        output.append("<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>")
        output.append(answer.title)
        output.append("</title><style>body{font:1.1rem/1.5 system-ui,sans-serif;margin:15vh auto;max-width:34rem;")
        output.append("padding:0 1rem;color-scheme:light dark}small{opacity:.7}</style><h1>")
        output.appendDecimal(UInt64(answer.status))
        output.append(" ")
        output.append(answer.title)
        output.append("</h1><p>")
        output.append(answer.detail)
        output.append(".<p><small>Request ")
        id(&output)
        output.append("</small></html>\n")
    }

    /// Details quote with `"`; nothing else in them needs escaping.
    private static func writeEscaped(_ text: StaticString, to output: inout OutputSpan<UInt8>) {
        for index in 0..<text.utf8CodeUnitCount {
            let byte = text.utf8Start[index]
            if byte == UInt8(ascii: "\"") { output.append(UInt8(ascii: "\\")) }
            output.append(byte)
        }
    }
}
