import BookendCore
import BookendHTTP
import BookendLoop

/// One POST of an alert, and the head of its answer with the beginning of what it says. Redirects are not followed: a signed request goes where the
/// configuration says.
final class AlertPost: Inquiry {
    private static let limits = HeadLimits(bytes: 16_384, fields: 200, target: 1)
    /// Statuses of 4xx that pass: a timeout, a duplicate under way, too early, too many.
    private static let passing: Set<Int> = [408, 409, 425, 429]

    private var head = ResponseHead(limits: limits)
    /// The head is whole, and not an interim one's.
    private var hasHead = false
    private var over: (AlertOutcome) -> Void
    private let limit: TimeSpan
    private let target: String

    /// Begins; `over` is called once, not before this returns.
    ///
    /// - Parameter target: of the request, which no outcome repeats: with chats it is the password.
    init(
        _ request: [UInt8], of target: String, to address: SocketAddress, within limit: TimeSpan, on loop: Loop,
        over: @escaping (AlertOutcome) -> Void
    ) throws(Errno) {
        self.over = over
        self.limit = limit
        self.target = target
        try super.init(to: address, asking: request, within: limit, on: loop)
    }

    override func arrived() {
        do throws(Refusal) {
            while !hasHead {
                guard try input.withBytes({ bytes throws(Refusal) in try head.parse(bytes, to: .post) }) else { return }
                hasHead = !head.isInterim
                if head.isInterim {
                    input.consume(head.count)
                    head.reset()
                }
            }
        } catch {
            return finish(.failed("its answer is not HTTP/1.1"))
        }
        // Only words of a known length are waited for.
        var awaited = 0
        if case .length(let bytes) = head.framing { awaited = min(AlertLimits.shownBytes, Int(clamping: bytes)) }
        if input.count >= head.count + awaited { finish(outcome) }
    }

    override func ended() {
        finish(hasHead ? outcome : .failed("it closed the connection without an answer"))
    }

    override func failed(_ failure: Failure) {
        // The answer is there, and only its words are not.
        if hasHead { return finish(outcome) }
        switch failure {
        case .lost: finish(.failed("the connection was refused or lost"))
        case .timedOut: finish(.failed("no answer within \(limit)"))
        case .ownShortage: finish(.failed("Bookend lacks a descriptor, a port or memory for it"))
        }
    }

    private var outcome: AlertOutcome {
        let status = head.status
        let said = input.withBytes { bytes in
            (head.count..<max(head.count, bytes.count)).map { bytes[$0] }.shown
        }
        let shown = target == "/" ? said : said.masking(target)
        let words = "\(status) \(StatusName.of(status))" + (shown.isEmpty ? "" : ": \(shown)")
        if (200...299).contains(status) { return .taken(words) }
        let isRefusal = (400...499).contains(status) && !Self.passing.contains(status)
        return isRefusal ? .refused(words) : .failed(words)
    }

    private func finish(_ outcome: AlertOutcome) {
        guard finish() else { return }
        let over = over
        self.over = { _ in }
        over(outcome)
    }
}

extension [UInt8] {
    /// As much as is worth showing, on one line that no terminal takes for a command.
    var shown: String {
        let words = String(decoding: prefix(AlertLimits.shownBytes), as: UTF8.self).split(
            whereSeparator: \.isWhitespace)
        let plain = words.joined(separator: " ").unicodeScalars.filter { (" "..."~").contains($0) }
        return String(String.UnicodeScalarView(plain))
    }
}
