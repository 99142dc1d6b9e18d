import BookendHTTP

/// Limits that no test comes near by accident.
let roomy = HeadLimits(bytes: 16_384, fields: 100, target: 8_000)
let roomyBody = BodyLimits(extensions: 1_024, trailers: 4_096, trailerFields: 20)

/// A request parsed in one go, with the bytes that its slices lie in.
struct ParsedRequest {
    let head: RequestHead
    let bytes: [UInt8]

    /// Throws what the parser throws; `Incomplete` if the head is not whole.
    init(_ text: String, limits: HeadLimits = roomy) throws {
        var head = RequestHead(limits: limits)
        let bytes = Array(text.utf8)
        guard try head.parse(bytes.span) else { throw Incomplete() }
        self.head = head
        self.bytes = bytes
    }

    subscript(_ slice: Slice) -> String { String(decoding: bytes[slice.range], as: UTF8.self) }

    func value(_ name: FieldName) -> String? { head.value(of: name).map { self[$0] } }

    var lines: [String] { head.fields.map { self[$0.line] } }

    /// The head as it goes on to a server, with nothing added but framing.
    func forwarded(dropping: FieldNameSet = []) -> String {
        text(capacity: head.encodedBound) { output in
            head.writeRequestLine(from: bytes.span, to: &output)
            head.writeFields(from: bytes.span, to: &output, dropping: dropping)
            output.appendField(for: head.framing)
            output.appendEndOfHead()
        }
    }
}

/// A response parsed in one go, with the bytes that its slices lie in.
struct ParsedResponse {
    let head: ResponseHead
    let bytes: [UInt8]

    init(_ text: String, to method: Method = .get, limits: HeadLimits = roomy) throws {
        var head = ResponseHead(limits: limits)
        let bytes = Array(text.utf8)
        guard try head.parse(bytes.span, to: method) else { throw Incomplete() }
        self.head = head
        self.bytes = bytes
    }

    subscript(_ slice: Slice) -> String { String(decoding: bytes[slice.range], as: UTF8.self) }

    func value(_ name: FieldName) -> String? { head.value(of: name).map { self[$0] } }

    /// The head as it goes on to a client, with nothing added but framing.
    func forwarded(dropping: FieldNameSet = []) -> String {
        text(capacity: head.encodedBound) { output in
            head.writeStatusLine(from: bytes.span, to: &output)
            head.writeFields(from: bytes.span, to: &output, dropping: dropping)
            head.writeFraming(head.framing, to: &output)
            output.appendEndOfHead()
        }
    }
}

struct Incomplete: Error {}

/// What `write` puts into `capacity` bytes of room.
func text(capacity: Int, _ write: (inout OutputSpan<UInt8>) -> Void) -> String {
    String(decoding: [UInt8](capacity: capacity, initializingWith: write), as: UTF8.self)
}

/// Why a request is refused; nil if it is accepted or not whole.
func refusal(_ text: String, limits: HeadLimits = roomy) -> Refusal? {
    var head = RequestHead(limits: limits)
    let bytes = Array(text.utf8)
    do {
        _ = try head.parse(bytes.span)
        return nil
    } catch { return error }
}

/// Why a response is refused; nil if it is accepted or not whole.
func refusal(ofResponse text: String, to method: Method = .get, limits: HeadLimits = roomy) -> Refusal? {
    var head = ResponseHead(limits: limits)
    let bytes = Array(text.utf8)
    do {
        _ = try head.parse(bytes.span, to: method)
        return nil
    } catch { return error }
}
