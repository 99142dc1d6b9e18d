import BookendCore

/// How `priority` of a route and `priority-header` of a pool are read.
extension Scalar {
    func priority() -> Priority? {
        if let priority = Priority.allCases.first(where: { $0.name == text }) { return priority }
        let known = Priority.allCases.reversed().map(\.name)
        let meant = Self.elsewhere[text.lowercased()]?.name ?? Suggestion.nearest(to: text, among: known)
        findings.error(
            at: node, "`\(key)` does not know `\(text)`", suggestion: meant.map { Suggestion.didYouMean($0) },
            advice: "Known: \(known.map { "`\($0)`" }.joined(separator: ", ")).")
        return nil
    }

    /// A field's name, in lower case.
    func priorityHeader() -> String? {
        let name = text.lowercased()
        guard name.isToken, name.utf8.count <= Bounds.nameLength else {
            findings.error(
                at: node, "`\(text)` is no name of a header field",
                advice: "For example `priority-header: Bookend-Priority`.")
            return nil
        }
        guard !Self.taken.contains(name), !name.hasPrefix("x-forwarded-") else {
            findings.error(
                at: node, "`\(text)` has a meaning of its own, and cannot say how much a request matters",
                advice: "Strangers' fields of that name are dropped. Choose one for this purpose: `Bookend-Priority`.")
            return nil
        }
        return name
    }

    /// What others call the same.
    private static let elsewhere: [String: Priority] = [
        "high": .critical, "highest": .critical, "important": .critical, "default": .normal, "medium": .normal,
        "low": .background, "lowest": .background, "batch": .background, "sheddable": .background,
    ]

    /// Fields without which a request is another one, or none.
    private static let taken: Set<String> = [
        "accept", "authorization", "connection", "content-encoding", "content-length", "content-type", "cookie",
        "expect", "forwarded", "host", "http2-settings", "if-match", "if-none-match", "keep-alive",
        "proxy-authorization", "proxy-connection", "range", "te", "trailer", "transfer-encoding", "upgrade",
        "user-agent", "via", "x-real-ip", "x-request-id",
    ]
}
