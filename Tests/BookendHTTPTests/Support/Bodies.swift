import BookendHTTP

/// A body as decoded, with what is left of the bytes after it.
struct DecodedBody: Equatable {
    var data = ""
    var trailers: [String] = []
    var isComplete = false
    var rest = ""
}

/// Decodes bytes that arrive in pieces of `size`, into a buffer that forgets what the decoder took.
func decode(
    _ text: String, _ framing: Framing = .chunked, limits: BodyLimits = roomyBody, piecesOf size: Int = .max
) throws(Refusal) -> DecodedBody {
    let bytes = Array(text.utf8)
    var decoder = BodyDecoder(framing, limits: limits)
    var decoded = DecodedBody()
    var buffer: [UInt8] = []
    var arrived = 0
    while true {
        var position = 0
        reading: while true {
            switch try decoder.next(in: buffer.span, from: &position) {
            case .needsMore: break reading
            case .data(let slice): decoded.data += String(decoding: buffer[slice.range], as: UTF8.self)
            case .trailer(let slice): decoded.trailers.append(String(decoding: buffer[slice.range], as: UTF8.self))
            case .end:
                decoded.rest = String(decoding: buffer[position...] + bytes[arrived...], as: UTF8.self)
                decoded.isComplete = decoder.isComplete
                return decoded
            }
        }
        buffer.removeFirst(position)
        guard arrived < bytes.count else { return decoded }
        let next = size < bytes.count - arrived ? arrived + size : bytes.count
        buffer += bytes[arrived..<next]
        arrived = next
    }
}

/// Why a chunked body is refused; nil if it is accepted or not whole.
func refusal(ofChunks text: String, limits: BodyLimits = roomyBody) -> Refusal? {
    do throws(Refusal) {
        _ = try decode(text, limits: limits)
        return nil
    } catch { return error }
}
