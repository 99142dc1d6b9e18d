import Testing

/// A request without a body. `fields`: whole lines.
func get(_ target: String = "/", _ fields: String = "") -> String {
    "GET \(target) HTTP/1.1\r\nHost: bookty.example\r\n\(fields)\r\n"
}

/// A request with a body and its length.
func post(_ target: String = "/", _ body: String, _ fields: String = "") -> String {
    "POST \(target) HTTP/1.1\r\nHost: bookty.example\r\n\(fields)Content-Length: \(body.utf8.count)\r\n\r\n\(body)"
}

/// A request whose body, in chunks already, comes later.
func chunkedPost(_ target: String = "/", _ fields: String = "") -> String {
    "POST \(target) HTTP/1.1\r\nHost: bookty.example\r\n\(fields)Transfer-Encoding: chunked\r\n\r\n"
}

/// Text with control bytes made visible, for the names of test cases.
struct Bytes: CustomTestStringConvertible, Sendable, ExpressibleByStringLiteral {
    let text: String

    init(stringLiteral value: String) {
        text = value
    }

    var testDescription: String {
        text.unicodeScalars.map { $0.value < 0x20 || $0.value > 0x7E ? $0.escaped(asASCII: true) : String($0) }.joined()
    }
}
