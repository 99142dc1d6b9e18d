/// The values of one mapping by name, after its names were checked.
struct Fields {
    let node: SyntaxNode
    let section: Section
    let findings: Findings
    private let entries: [SyntaxNode.Entry]
    /// What the unknown names were probably meant to be.
    private let misspelled: Set<String>

    /// `nil` when `node` is no mapping; then an error is noted. Unknown names are noted too, and left out.
    init?(_ node: SyntaxNode, _ section: Section, _ findings: Findings) {
        switch node.content {
        case .mapping(let all):
            entries = all.filter { section.keys.contains($0.key.text) }
            var misspelled: Set<String> = []
            for entry in all where !section.keys.contains(entry.key.text) {
                let unknown = UnknownKey(entry.key, in: section, findings)
                unknown.report(to: findings)
                if let meant = unknown.suggestion { misspelled.insert(meant) }
            }
            self.misspelled = misspelled
        case .unknown:
            return nil
        case .empty, .text, .list:
            findings.error(
                at: node, "names and values are wanted \(section.what), and \(node.kind) is given",
                advice: "For example:\n" + section.example.indented)
            return nil
        }
        self.node = node
        self.section = section
        self.findings = findings
    }

    func entry(_ key: String) -> SyntaxNode.Entry? {
        entries.first { $0.key.text == key }
    }

    /// Neither there nor misspelled: a wrong name is one error, not two.
    func lacks(_ key: String) -> Bool {
        entry(key) == nil && !misspelled.contains(key)
    }

    /// The value of `key`; `nil` when it is left out. A name with nothing behind it is an error.
    func value(_ key: String) -> SyntaxNode? {
        guard let entry = entry(key) else { return nil }
        if case .empty = entry.value.content {
            findings.error(at: entry.key, "`\(key)` has no value", advice: "Write one, or remove the line.")
            return nil
        }
        return entry.value
    }

    /// Reads the value of `key`, or takes `standard` when it is left out or wrong. What is wrong is noted, so that the
    /// configuration with the stand-in value never gets out.
    func read<Value>(_ key: String, or standard: Value, _ reader: (Scalar) -> Value?) -> Value {
        guard let node = value(key), let scalar = Scalar(key, node, findings) else { return standard }
        return reader(scalar) ?? standard
    }

    /// Reads a mapping below this one; `nil` when it is left out or wrong.
    func fields(_ key: String, _ section: Section) -> Fields? {
        value(key).flatMap { Fields($0, section, findings) }
    }

    /// The items of a list; `nil` when it is left out or no list.
    func items(_ key: String, example: String) -> [SyntaxNode]? {
        guard let node = value(key) else { return nil }
        switch node.content {
        case .list(let items): return items
        case .unknown: return nil
        default:
            findings.error(
                at: node, "`\(key)` wants a list, and \(node.kind) is given",
                advice: "For example:\n" + example.indented)
            return nil
        }
    }

    /// The entries of a mapping whose names the user chooses; `nil` when it is left out or no mapping.
    func named(_ key: String, example: String) -> [SyntaxNode.Entry]? {
        guard let node = value(key) else { return nil }
        switch node.content {
        case .mapping(let entries): return entries
        case .unknown: return nil
        default:
            findings.error(
                at: node, "`\(key)` wants names, each with its value, and \(node.kind) is given",
                advice: "For example:\n" + example.indented)
            return nil
        }
    }
}

extension String {
    /// Each line two columns further in.
    var indented: String {
        split(separator: "\n", omittingEmptySubsequences: false).map { "  " + $0 }.joined(separator: "\n")
    }
}
