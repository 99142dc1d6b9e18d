import BookendCore

/// A single value that has a name, and how to read it. Every reader notes what is wrong and then returns `nil`.
struct Scalar {
    /// The name before the `:`, for messages.
    let key: String
    let node: SyntaxNode
    let text: String
    let findings: Findings

    init?(_ key: String, _ node: SyntaxNode, _ findings: Findings) {
        switch node.content {
        case .text(""):
            findings.error(
                at: node, "`\(key)` is empty", advice: "An environment variable can be set and still hold nothing.")
            return nil
        case .text(let text): self.text = text
        case .unknown: return nil
        case .empty, .list, .mapping:
            findings.error(
                at: node, "`\(key)` wants a single value, and \(node.kind) is given",
                advice: "Write the value alone behind `\(key):`.")
            return nil
        }
        self.key = key
        self.node = node
        self.findings = findings
    }

    func timeSpan(in range: ClosedRange<TimeSpan>) -> TimeSpan? {
        switch TimeSpan.parse(text) {
        case .success(let value): return within(range, value)
        case .failure(let problem):
            refuse("is not a length of time", problem, advice: "A whole number and a unit: 250ms, 10s, 5m, 1h.")
            return nil
        }
    }

    func byteCount(in range: ClosedRange<ByteCount>) -> ByteCount? {
        switch ByteCount.parse(text) {
        case .success(let value): return within(range, value)
        case .failure(let problem):
            refuse("is not a size", problem, advice: "A whole number and a unit: 512B, 64KiB, 256MiB, 1GiB.")
            return nil
        }
    }

    func integer(in range: ClosedRange<Int>) -> Int? {
        guard let value = Int(digits: text) else {
            let advice = "A whole number from \(range.lowerBound) to \(range.upperBound), without a unit."
            refuse("is not a whole number", UnitProblem(), advice: advice)
            return nil
        }
        return within(range, value)
    }

    /// `auto`, which gives nil inside, or a whole number.
    func automatic(or range: ClosedRange<Int>) -> Int?? {
        text == "auto" ? .some(nil) : integer(in: range).map { .some($0) }
    }

    /// `10%`: a whole number from 0 to 100 with its sign.
    func percent() -> Int? {
        if text.hasSuffix("%"), let value = Int(digits: text.dropLast()), value <= 100 { return value }
        let bare = Int(digits: text).flatMap { $0 <= 100 ? "\($0)%" : nil }
        findings.error(
            at: node, "`\(text)` is no share", suggestion: bare.map { Suggestion.didYouMean($0) },
            advice: "A whole number from 0 to 100 and the sign: 10%.")
        return nil
    }

    /// One of some words.
    func word<Word: RawRepresentable & CaseIterable>(_ type: Word.Type) -> Word? where Word.RawValue == String {
        if let word = Word(rawValue: text) { return word }
        let known = Word.allCases.map(\.rawValue)
        findings.error(
            at: node, "`\(key)` does not know `\(text)`", suggestion: Suggestion.didYouMean(text, among: known),
            advice: "Known: \(known.map { "`\($0)`" }.joined(separator: ", ")).")
        return nil
    }

    func bool() -> Bool? {
        switch text {
        case "true": return true
        case "false": return false
        default:
            let meant = ["yes", "on", "1"].contains(text.lowercased()) ? "true" : nil
            let denied = ["no", "off", "0"].contains(text.lowercased()) ? "false" : nil
            findings.error(
                at: node, "`\(key)` is `true` or `false`, not `\(text)`",
                suggestion: (meant ?? denied).map { Suggestion.didYouMean($0) }
                    ?? Suggestion.didYouMean(text, among: ["true", "false"]))
            return nil
        }
    }

    /// A path of the file system.
    func path() -> String? {
        let isPrintable = text.unicodeScalars.allSatisfy { $0.properties.generalCategory != .control }
        if isPrintable, !text.hasPrefix("~") { return text }
        findings.error(
            at: node, "`\(text)` is no path that can be opened",
            advice: text.hasPrefix("~") ? "`~` is for shells: write the folder's full name, or `${HOME}`." : nil)
        return nil
    }

    private func within<Value: Comparable>(_ range: ClosedRange<Value>, _ value: Value) -> Value? {
        if range.contains(value) { return value }
        let isSmall = value < range.lowerBound
        findings.error(
            at: node, "`\(key)` is too \(isSmall ? "small" : "large"): \(text)",
            advice: "\(isSmall ? "The least" : "The most") is \(isSmall ? range.lowerBound : range.upperBound).")
        return nil
    }

    private func refuse(_ message: String, _ problem: UnitProblem, advice: String) {
        findings.error(
            at: node, "`\(text)` \(message)" + (problem.reason.map { ": \($0)" } ?? ""),
            suggestion: problem.meant.map { Suggestion.didYouMean($0) }, advice: advice)
    }
}

extension Int {
    /// Decimal ASCII digits and nothing else: no sign, no `1_000`. `nil` when it does not fit.
    init?(digits text: some StringProtocol) {
        guard !text.isEmpty, text.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }) else {
            return nil
        }
        self.init(text)
    }
}
