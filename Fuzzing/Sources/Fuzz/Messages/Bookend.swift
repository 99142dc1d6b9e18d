import BookendHTTP

/// Larger than any input the fuzzer makes: limits are not what is compared here.
let limits = HeadLimits(bytes: 1 << 20, fields: 1 << 14, target: 1 << 20)
let bodyLimits = BodyLimits(extensions: 1 << 20, trailers: 1 << 20, trailerFields: 1 << 14)

/// What BookendHTTP makes of the bytes as one request.
func bookendRequest(_ bytes: [UInt8]) -> Outcome<Refusal> {
    var head = RequestHead(limits: limits)
    do throws(Refusal) {
        guard try head.parse(bytes.span) else { return .incomplete }
        var message = Message()
        message.method = latin1(bytes[head.methodText.range])
        message.target = latin1(bytes[head.target.range])
        if head.isAbsoluteForm { message.target = latin1(bytes[head.host.range]) + message.target }
        message.version = head.version == .http11 ? 11 : 10
        message.fields = lines(head.fields, bytes)
        message.keepsAlive = head.keepsAlive
        return try readBody(bytes, head.count, head.framing, &message, atEOF: false)
    } catch {
        return .refused(error)
    }
}

/// What BookendHTTP makes of the bytes, followed by the end of the connection, as one response.
func bookendResponse(_ bytes: [UInt8], to method: BookendHTTP.Method) -> Outcome<Refusal> {
    var head = ResponseHead(limits: limits)
    do throws(Refusal) {
        guard try head.parse(bytes.span, to: method) else { return .incomplete }
        var message = Message()
        message.status = head.status
        message.version = head.version == .http11 ? 11 : 10
        message.fields = lines(head.fields, bytes)
        message.keepsAlive = head.keepsAlive
        return try readBody(bytes, head.count, head.framing, &message, atEOF: true)
    } catch {
        return .refused(error)
    }
}

private func readBody(
    _ bytes: [UInt8], _ start: Int, _ framing: Framing, _ message: inout Message, atEOF: Bool
) throws(Refusal) -> Outcome<Refusal> {
    var decoder = BodyDecoder(framing, limits: bodyLimits)
    var position = start
    while true {
        switch try decoder.next(in: bytes.span, from: &position) {
        case .needsMore:
            guard atEOF, framing == .untilClose else { return .incomplete }
            try decoder.finish()
        case .data(let slice): message.body += bytes[slice.range]
        case .trailer(let slice): message.trailers.append(line(bytes[slice.range]))
        case .end:
            message.end = position
            return .complete(message)
        }
    }
}

private func lines(_ fields: [Field], _ bytes: [UInt8]) -> [Message.Line] {
    fields.map { Message.Line(name: latin1(bytes[$0.name.range]), value: latin1(bytes[$0.value.range])) }
}

/// A line taken apart without the parser's help.
func line(_ bytes: ArraySlice<UInt8>) -> Message.Line {
    let parts = bytes.split(separator: UInt8(ascii: ":"), maxSplits: 1, omittingEmptySubsequences: false)
    return Message.Line(name: latin1(parts[0]), value: latin1(trimmed(parts.count > 1 ? parts[1] : [])))
}

func trimmed(_ bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    var bytes = bytes
    while let byte = bytes.first, byte == 0x20 || byte == 0x09 { bytes.removeFirst() }
    while let byte = bytes.last, byte == 0x20 || byte == 0x09 { bytes.removeLast() }
    return bytes
}
