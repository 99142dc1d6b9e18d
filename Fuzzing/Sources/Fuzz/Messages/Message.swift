/// A whole message as a parser understood it. Two parsers agree if their messages are equal.
struct Message: Equatable {
    struct Line: Equatable {
        var name: String
        var value: String
    }

    /// Of a request; a response leaves both empty.
    var method = ""
    var target = ""
    /// Of a response.
    var status = 0
    /// 10 or 11.
    var version = 0
    var fields: [Line] = []
    var body: [UInt8] = []
    /// Trailers with the names that Bookend drops left out.
    var trailers: [Line] = []
    var keepsAlive = false
    /// Offset of the byte after the message.
    var end = 0
}

/// What a parser makes of some bytes.
enum Outcome<Refused> {
    case complete(Message)
    /// The message may go on.
    case incomplete
    case refused(Refused)
}

/// Bytes as text, one character each, so that nothing is lost or repaired.
func latin1(_ bytes: some Sequence<UInt8>) -> String {
    var text = ""
    for byte in bytes { text.unicodeScalars.append(Unicode.Scalar(byte)) }
    return text
}

/// Stops the fuzzer, which then keeps the input.
func fail(_ what: String, _ input: [UInt8]) -> Never {
    fatalError("\(what)\n--- input ---\n\(latin1(input).debugDescription)")
}
