/// What to say about a name that a section does not know.
struct UnknownKey {
    let key: SyntaxNode.Key
    let section: Section
    /// The name that is known here and was probably meant.
    let suggestion: String?

    init(_ key: SyntaxNode.Key, in section: Section, _ findings: Findings) {
        self.key = key
        self.section = section
        // Comparing words is slow, and nobody sees what is beyond the messages shown.
        suggestion = findings.isFull ? nil : Self.suggestion(for: key.text, in: section)
    }

    /// The same things under the names that other programs use, so that whoever comes from there is told the word.
    private static let elsewhere = [
        "frontend": "listeners", "frontends": "listeners", "entrypoints": "listeners", "upstream": "pools",
        "upstreams": "pools", "backend": "pools", "backends": "pools", "clusters": "pools", "algorithm": "balance",
        "lb-policy": "balance", "policy": "balance", "strategy": "balance", "targets": "servers", "hosts": "servers",
        "endpoints": "servers", "address": "bind", "url": "address", "port": "bind", "log": "access-log",
        "access-logs": "access-log", "threads": "workers", "processes": "workers", "maxconn": "connections-per-client",
    ]

    func report(to findings: Findings) {
        if section.later.contains(key.text) {
            findings.error(
                at: key, "`\(key.text)` is not known to this version of Bookend",
                advice: "It is planned. Remove it here until you run a version that has it.")
            return
        }
        findings.error(
            at: key, "`\(key.text)` is not known \(section.what)",
            suggestion: suggestion.map { Suggestion.didYouMean($0) },
            advice: advice)
    }

    private static func suggestion(for text: String, in section: Section) -> String? {
        if let near = Suggestion.nearest(to: text, among: section.keys) { return near }
        let word = elsewhere[text.lowercased()]
        return word.flatMap { section.keys.contains($0) ? $0 : nil }
    }

    private var advice: String {
        let known = section.keys.map { "`\($0)`" }.joined(separator: ", ")
        let homes = Section.all.filter { $0.keys.contains(key.text) }.map(\.what)
        guard suggestion == nil, !homes.isEmpty else { return "Known here: \(known)." }
        return "`\(key.text)` belongs \(homes.joined(separator: " or ")). Known here: \(known)."
    }
}
