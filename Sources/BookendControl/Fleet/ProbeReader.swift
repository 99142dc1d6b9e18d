import BookendConfig
import BookendCore
import BookendHTTP

/// Reads the answer to a probe, in whatever pieces it comes, and says whether it is the one that was wanted.
struct ProbeReader {
    private static let limits = HeadLimits(bytes: 16_384, fields: 200, target: 1)
    private static let bodyLimits = BodyLimits(extensions: 4_096, trailers: 4_096, trailerFields: 32)
    /// Bytes of the body in which the expected text is looked for.
    private static let bodyBytes = 16_384

    private let health: Pool.Health
    private var head = ResponseHead(limits: limits)
    private var decoder: BodyDecoder?
    private var body: [UInt8] = []

    init(_ health: Pool.Health) {
        self.health = health
    }

    /// Takes what it understands out of `input`, which begins where the last call ended.
    ///
    /// - Returns: how many bytes it took, and the result once it is known.
    mutating func take(_ input: Span<UInt8>) -> (taken: Int, result: ProbeResult?) {
        do throws(Refusal) {
            if decoder != nil { return try takeBody(input) }
            guard try head.parse(input, to: .get) else { return (0, nil) }
            if head.isInterim {
                let count = head.count
                head.reset()
                return (count, nil)
            }
            guard health.expect.contains(head.status) else { return (head.count, .wrong(.status(head.status))) }
            guard hasExpectedField(input) else { return (head.count, .wrong(.field)) }
            guard health.expectBody != nil else { return (head.count, .good) }
            decoder = BodyDecoder(head.framing, limits: Self.bodyLimits)
            return (head.count, decoder?.isComplete == true ? .wrong(.body) : nil)
        } catch {
            return (input.count, .wrong(.malformed))
        }
    }

    /// The server closed the connection.
    mutating func end() -> ProbeResult {
        do throws(Refusal) {
            try decoder?.finish()
            return decoder == nil ? .wrong(.malformed) : .wrong(.body)
        } catch {
            return .wrong(.malformed)
        }
    }

    private mutating func takeBody(_ input: Span<UInt8>) throws(Refusal) -> (taken: Int, result: ProbeResult?) {
        var position = 0
        while true {
            switch try decoder?.next(in: input, from: &position) {
            case .data(let slice):
                let start = body.count
                for index in slice.range { body.append(input[index]) }
                if hasExpectedText(from: start) { return (position, .good) }
                if body.count >= Self.bodyBytes { return (position, .wrong(.body)) }
            case .trailer: continue
            case .needsMore: return (position, nil)
            case .end, nil: return (position, .wrong(.body))
            }
        }
    }

    /// Whether the text stands in the body so that it ends at `new` or later.
    private func hasExpectedText(from new: Int) -> Bool {
        guard let wanted = health.expectBody.map({ Array($0.utf8) }), wanted.count <= body.count else { return false }
        let first = max(0, new - wanted.count + 1)
        return (first..<max(first, body.count - wanted.count + 1)).contains { start in
            body[start..<start + wanted.count].elementsEqual(wanted)
        }
    }

    private func hasExpectedField(_ input: Span<UInt8>) -> Bool {
        guard let wanted = health.expectHeader else { return true }
        let parts = wanted.split(separator: ":", maxSplits: 1)
        let name = parts.first.map { $0.lowercased() } ?? ""
        let value = parts.count > 1 ? parts[1].drop { $0 == " " } : nil
        func text(_ slice: Slice) -> String { String(decoding: slice.range.map { input[$0] }, as: UTF8.self) }
        return head.fields.contains { field in
            text(field.name).lowercased() == name && (value.map { text(field.value) == $0 } ?? true)
        }
    }
}
