import BookendHTTP

/// Promise: a message means the same however its bytes are cut into pieces. The first byte of the input says what it is,
/// the second where the cuts are.
func comparePieces(_ input: [UInt8]) {
    guard input.count > 2 else { return }
    let bytes = Array(input[2...])
    var cuts = Cuts(seed: input[1])
    switch input[0] {
    case UInt8(ascii: "Q"):
        let whole = readRequestHead(bytes, pieces: [bytes.count])
        let cut = readRequestHead(bytes, pieces: cuts.pieces(of: bytes.count))
        if whole != cut { fail("a request's head, cut differently:\n\(whole)\n\(cut)", input) }
    case UInt8(ascii: "R"):
        let whole = readResponseHead(bytes, pieces: [bytes.count])
        let cut = readResponseHead(bytes, pieces: cuts.pieces(of: bytes.count))
        if whole != cut { fail("a response's head, cut differently:\n\(whole)\n\(cut)", input) }
    default:
        let whole = readChunks(bytes, pieces: [bytes.count])
        let cut = readChunks(bytes, pieces: cuts.pieces(of: bytes.count))
        if whole != cut { fail("a chunked body, cut differently:\n\(whole)\n\(cut)", input) }
    }
}

/// Small limits, so that running into them is compared too.
private let smallHead = HeadLimits(bytes: 400, fields: 6, target: 60)
private let smallBody = BodyLimits(extensions: 20, trailers: 80, trailerFields: 3)

private func readRequestHead(_ bytes: [UInt8], pieces: [Int]) -> String {
    var head = RequestHead(limits: smallHead)
    var count = 0
    for piece in pieces {
        count += piece
        do throws(Refusal) {
            guard try head.parse(bytes.span.extracting(first: count)) else { continue }
            return "\(head.count) \(head.method) \(head.methodText) \(head.target) \(head.path) \(head.host) "
                + "\(head.hostName) \(head.version) \(head.framing) \(head.keepsAlive) \(head.expectsContinue) "
                + "\(head.wantsUpgrade) \(head.fields)"
        } catch {
            return "\(error)"
        }
    }
    return "incomplete"
}

private func readResponseHead(_ bytes: [UInt8], pieces: [Int]) -> String {
    var head = ResponseHead(limits: smallHead)
    var count = 0
    for piece in pieces {
        count += piece
        do throws(Refusal) {
            guard try head.parse(bytes.span.extracting(first: count), to: .get) else { continue }
            return "\(head.count) \(head.status) \(head.reason) \(head.version) \(head.framing) \(head.keepsAlive) "
                + "\(head.fields)"
        } catch {
            return "\(error)"
        }
    }
    return "incomplete"
}

/// Reads from a buffer that begins anew at whatever the decoder left, as a connection's buffer does.
private func readChunks(_ bytes: [UInt8], pieces: [Int]) -> String {
    var decoder = BodyDecoder(.chunked, limits: smallBody)
    var buffer: [UInt8] = []
    var body: [UInt8] = []
    var trailers: [String] = []
    var start = 0
    var taken = 0
    for piece in pieces {
        buffer += bytes[start..<start + piece]
        start += piece
        var position = 0
        reading: while true {
            do throws(Refusal) {
                switch try decoder.next(in: buffer.span, from: &position) {
                case .needsMore: break reading
                case .data(let slice): body += buffer[slice.range]
                case .trailer(let slice): trailers.append(latin1(buffer[slice.range]))
                case .end: return "\(latin1(body)) \(trailers) \(taken + position)"
                }
            } catch {
                return "\(latin1(body)) \(trailers) \(error)"
            }
        }
        taken += position
        buffer.removeFirst(position)
    }
    return "\(latin1(body)) \(trailers) incomplete"
}

/// Cuts that depend on nothing but a seed.
private struct Cuts {
    private var state: UInt64

    init(seed: UInt8) { state = UInt64(seed) &* 0x9E37_79B9_7F4A_7C15 | 1 }

    /// Sizes from 1 to 8 that add up to `count`.
    mutating func pieces(of count: Int) -> [Int] {
        var pieces: [Int] = []
        var left = count
        while left > 0 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            let piece = min(left, Int(state >> 61) + 1)
            pieces.append(piece)
            left -= piece
        }
        return pieces
    }
}
