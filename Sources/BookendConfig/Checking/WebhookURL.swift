/// `http://HOST[:PORT][/PATH][?QUERY]`, taken apart.
struct WebhookURL {
    let server: Endpoint
    /// Path and query, `/` at least.
    let target: String

    private static let scheme = "http://"

    static func read(_ scalar: Scalar) -> WebhookURL? {
        let text = scalar.text
        if text.lowercased().hasPrefix("https://") {
            scalar.findings.error(
                at: scalar.node, "TLS is not known to this version: a webhook begins with `http://`",
                advice: "Let a program send it, with the same `format`:\n"
                    + "- exec: [/usr/bin/curl, -fsS, -H, \"Content-Type: application/json\", --data-binary, \"@-\", \"https://…\"]"
                    .indented)
            return nil
        }
        guard text.lowercased().hasPrefix(scheme) else {
            scalar.findings.error(
                at: scalar.node, "`\(text)` is no URL that a webhook can have",
                suggestion: text.contains("://") ? nil : Suggestion.didYouMean(scheme + text),
                advice: "For example `webhook: http://127.0.0.1:9999/hook`.")
            return nil
        }
        let rest = text.dropFirst(scheme.count)
        let authority = rest.prefix { $0 != "/" && $0 != "?" }
        let path = String(rest.dropFirst(authority.count))
        let target = path.hasPrefix("/") ? path : "/" + path
        let isPlain = target.utf8.allSatisfy { (0x21...0x7E).contains($0) && $0 != UInt8(ascii: "#") }
        guard isPlain, !authority.contains("@"), target.utf8.count <= Bounds.webhookTarget else {
            scalar.findings.error(
                at: scalar.node, "`\(text)` is no URL that a webhook can have",
                advice: "No user name, no space, no `#`, at most \(Bounds.webhookTarget) bytes behind the host.")
            return nil
        }
        switch Endpoint.parse(authority, port: 80) {
        case .success(let server): return WebhookURL(server: server, target: target)
        case .failure(let problem):
            scalar.findings.error(
                at: scalar.node, "`\(text)` leads nowhere: \(problem.reason)",
                suggestion: problem.meant.map { Suggestion.didYouMean(scheme + $0 + path) },
                advice: problem.advice ?? "For example `webhook: http://127.0.0.1:9999/hook`.")
            return nil
        }
    }
}

extension AlertTarget.Webhook {
    /// As configuration writes it.
    public var url: String { "http://\(server)\(target)" }
}
