extension OutputSpan<UInt8> {
    /// The status line of an answer that Bookend gives itself, at most 48 bytes. A status without a name here goes
    /// without one, which is allowed (RFC 9112, section 4).
    ///
    /// - Parameter status: 100 to 999.
    public mutating func appendStatusLine(_ status: Int) {
        precondition((100...999).contains(status), "a status has three digits")
        append("HTTP/1.1 ")
        appendDecimal(UInt64(status))
        append(" ")
        append(StatusName.of(status))
        append("\r\n")
    }
}

/// What statuses are called.
public enum StatusName {
    /// As registered (RFC 9110, section 15; RFC 6585), for the statuses that Bookend uses.
    public static func of(_ status: Int) -> StaticString {
        switch status {
        case 100: "Continue"
        case 200: "OK"
        case 204: "No Content"
        case 301: "Moved Permanently"
        case 302: "Found"
        case 307: "Temporary Redirect"
        case 308: "Permanent Redirect"
        case 400: "Bad Request"
        case 401: "Unauthorized"
        case 403: "Forbidden"
        case 404: "Not Found"
        case 405: "Method Not Allowed"
        case 408: "Request Timeout"
        case 409: "Conflict"
        case 411: "Length Required"
        case 413: "Content Too Large"
        case 414: "URI Too Long"
        case 421: "Misdirected Request"
        case 429: "Too Many Requests"
        case 431: "Request Header Fields Too Large"
        case 500: "Internal Server Error"
        case 501: "Not Implemented"
        case 502: "Bad Gateway"
        case 503: "Service Unavailable"
        case 504: "Gateway Timeout"
        case 505: "HTTP Version Not Supported"
        default: ""
        }
    }
}
