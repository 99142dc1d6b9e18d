import BookendCore

/// Reads `health: off` and `health: { path, every, timeout, expect, … }` of a pool.
struct HealthReader {
    let findings: Findings

    /// Nil when only traffic is to tell.
    func read(_ pool: Fields) -> Pool.Health? {
        guard let node = pool.value("health") else { return Defaults.health }
        if case .text(let text) = node.content {
            if text != "off" {
                findings.error(
                    at: node, "`health` does not know `\(text)`", suggestion: suggestion(text),
                    advice: "Either `off`, or what to ask: `health: { path: /healthz }`.")
            }
            return nil
        }
        guard let fields = Fields(node, .health, findings) else { return nil }
        let path: String? = fields.read("path", or: nil) { targetPath($0) }
        let every = fields.read("every", or: Defaults.probeEvery) { $0.timeSpan(in: Bounds.probeEvery) }
        let timeout = fields.read("timeout", or: Defaults.probeTimeout) { $0.timeSpan(in: Bounds.timeout) }
        let expect = fields.read("expect", or: Defaults.probeExpect) { statuses($0) }
        let header: String? = fields.read("expect-header", or: nil) { fieldLine($0) }
        let body: String? = fields.read("expect-body", or: nil) { text($0, limit: Bounds.expectedText) }
        let checks = ["expect", "expect-header", "expect-body"].compactMap { fields.entry($0) }
        if fields.lacks("path"), let check = checks.first {
            findings.error(
                at: check.key, "`\(check.key.text)` needs a `path`: without one, a connection that is taken is enough",
                advice: "For example `health: { path: /healthz, expect: 200-399 }`.")
        }
        return Pool.Health(
            path: path, every: every, timeout: timeout, expect: expect, expectHeader: header, expectBody: body)
    }

    private func suggestion(_ text: String) -> String? {
        if ["none", "no", "false", "disabled"].contains(text.lowercased()) { return Suggestion.didYouMean("off") }
        return text.hasPrefix("/") ? Suggestion.didYouMean("{ path: \(text) }") : nil
    }

    private func targetPath(_ scalar: Scalar) -> String? {
        let isPlain = scalar.text.utf8.allSatisfy { (0x21...0x7E).contains($0) && $0 != UInt8(ascii: "#") }
        if scalar.text.hasPrefix("/"), isPlain, scalar.text.utf8.count <= Bounds.expectedText { return scalar.text }
        findings.error(
            at: scalar.node, "`\(scalar.text)` is no path that can be asked for",
            advice: "It begins with `/` and has no spaces, for example `/healthz`.")
        return nil
    }

    private func statuses(_ scalar: Scalar) -> ClosedRange<Int>? {
        let parts = scalar.text.split(separator: "-", omittingEmptySubsequences: false).map { Int(digits: $0) }
        if parts.count <= 2, let first = parts.first ?? nil, let last = parts.last ?? nil, first <= last,
            Bounds.status.contains(first), Bounds.status.contains(last)
        {
            return first...last
        }
        findings.error(
            at: scalar.node, "`\(scalar.text)` is no status and no range of statuses",
            advice: "For example `200`, `200-299` or `200-399`.")
        return nil
    }

    /// `Name` or `Name: value`, the name a token (RFC 9110, section 5.6.2).
    private func fieldLine(_ scalar: Scalar) -> String? {
        guard let text = text(scalar, limit: Bounds.expectedText) else { return nil }
        let name = text.prefix { $0 != ":" }
        if name.isToken { return text }
        findings.error(
            at: scalar.node, "`\(text)` is no header field",
            advice: "A name, or a name and its value: `X-State` or `\"X-State: ready\"`.")
        return nil
    }

    private func text(_ scalar: Scalar, limit: Int) -> String? {
        let isPlain = scalar.text.unicodeScalars.allSatisfy { $0.properties.generalCategory != .control }
        if isPlain, scalar.text.utf8.count <= limit { return scalar.text }
        findings.error(
            at: scalar.node, "`\(scalar.key)` wants one line of at most \(limit) bytes", advice: nil)
        return nil
    }
}

extension StringProtocol {
    /// As names of fields are (RFC 9110, section 5.6.2).
    var isToken: Bool {
        !isEmpty
            && unicodeScalars.allSatisfy { $0.isASCIILetterOrDigit || "!#$%&'*+-.^_`|~".unicodeScalars.contains($0) }
    }
}
