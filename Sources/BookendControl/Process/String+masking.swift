extension String {
    /// With `…` for a secret, also for the beginning of one with which the text ends: it may have been cut there.
    func masking(_ secret: String) -> String {
        guard !secret.isEmpty else { return self }
        let text = replacing(secret, with: "…")
        let cut = (1..<max(1, secret.count)).last { text.hasSuffix(secret.prefix($0)) }
        return cut.map { text.dropLast($0) + "…" } ?? text
    }
}
