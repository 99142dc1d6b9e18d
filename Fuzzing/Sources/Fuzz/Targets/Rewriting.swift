import BookendHTTP

/// Promise: what Bookend writes, it reads back as the same message, and writing that again changes no byte.
func checkRewriting(_ bytes: [UInt8]) {
    rewriteRequest(bytes)
    rewriteResponse(bytes)
    rewriteBody(bytes)
}

private func rewriteRequest(_ bytes: [UInt8]) {
    var head = RequestHead(limits: limits)
    guard (try? head.parse(bytes.span)) == true else { return }
    let once = written(head, bytes)
    var again = RequestHead(limits: limits)
    guard (try? again.parse(once.span)) == true else {
        // HTTP/1.0 without Host: the caller adds one.
        if head.host.isEmpty { return }
        fail("what was written is refused: \(latin1(once))", bytes)
    }
    guard again.count == once.count, again.framing == head.framing, again.method == head.method,
        once[again.methodText.range] == bytes[head.methodText.range],
        once[again.host.range] == bytes[head.host.range],
        head.wantsUpgrade == again.wantsUpgrade,
        !again.fields.contains(where: {
            $0.isHopByHop && ![.connection, .upgrade, .transferEncoding].contains($0.known)
        })
    else { fail("what was written means something else: \(latin1(once))", bytes) }
    guard written(again, once) == once else { fail("written twice differs: \(latin1(once))", bytes) }
}

private func written(_ head: RequestHead, _ bytes: [UInt8]) -> [UInt8] {
    [UInt8](capacity: head.encodedBound) { output in
        head.writeRequestLine(from: bytes.span, to: &output)
        head.writeFields(from: bytes.span, to: &output, dropping: [])
        output.appendField(for: head.framing)
        if head.wantsUpgrade { head.writeUpgrade(from: bytes.span, to: &output) } else { output.append(.keepAlive) }
        output.appendEndOfHead()
    }
}

private func rewriteResponse(_ bytes: [UInt8]) {
    var head = ResponseHead(limits: limits)
    guard (try? head.parse(bytes.span, to: .get)) == true else { return }
    let once = written(head, bytes)
    var again = ResponseHead(limits: limits)
    guard (try? again.parse(once.span, to: .get)) == true else {
        fail("what was written is refused: \(latin1(once))", bytes)
    }
    guard again.count == once.count, again.framing == head.framing, again.status == head.status,
        once[again.reason.range] == bytes[head.reason.range]
    else { fail("what was written means something else: \(latin1(once))", bytes) }
    guard written(again, once) == once else { fail("written twice differs: \(latin1(once))", bytes) }
}

private func written(_ head: ResponseHead, _ bytes: [UInt8]) -> [UInt8] {
    [UInt8](capacity: head.encodedBound) { output in
        head.writeStatusLine(from: bytes.span, to: &output)
        head.writeFields(from: bytes.span, to: &output, dropping: [])
        head.writeFraming(head.framing, to: &output)
        if head.isSwitchingProtocols { head.writeUpgrade(from: bytes.span, to: &output) } else { output.append(.close) }
        output.appendEndOfHead()
    }
}

/// Decodes a chunked body, encodes it anew, and decodes that.
private func rewriteBody(_ bytes: [UInt8]) {
    guard let first = decoded(bytes) else { return }
    let encoded = [UInt8](capacity: bytes.count * 20 + Chunk.lastBound) { output in
        for data in first.data {
            output.appendChunkHeader(UInt64(data.count))
            output.append(data.span)
            output.appendChunkEnd()
        }
        output.appendLastChunk()
        for trailer in first.trailers {
            output.appendTrailer(Slice(start: 0, count: UInt32(trailer.count)), of: trailer.span)
        }
        output.appendEndOfBody()
    }
    guard let second = decoded(encoded) else { fail("what was encoded is refused: \(latin1(encoded))", bytes) }
    guard first == second else { fail("what was encoded differs: \(latin1(encoded))", bytes) }
}

private struct Decoded: Equatable {
    var data: [[UInt8]] = []
    var trailers: [[UInt8]] = []
}

private func decoded(_ bytes: [UInt8]) -> Decoded? {
    var decoder = BodyDecoder(.chunked, limits: bodyLimits)
    var decoded = Decoded()
    var position = 0
    while let event = try? decoder.next(in: bytes.span, from: &position) {
        switch event {
        case .needsMore: return nil
        case .data(let slice): decoded.data.append(Array(bytes[slice.range]))
        case .trailer(let slice): decoded.trailers.append(Array(bytes[slice.range]))
        case .end: return decoded
        }
    }
    return nil
}
