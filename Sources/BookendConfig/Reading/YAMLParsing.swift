import Yams

/// First stage: text to ``SyntaxNode``s with positions. Knows YAML and nothing of load balancing.
struct YAMLParsing {
    private let source: SourceText
    private let environment: EnvironmentVariables
    private let findings: Findings
    private var standIns = StandIns()
    private var anchors: [String: SyntaxNode] = [:]
    private var size = 0
    private var isTooLarge = false

    /// Mappings with duplicate keys that are looked at before giving up: each costs another run of the parser.
    private static let rounds = 16

    /// `nil` when the text is no YAML, or empty; then `findings` says so.
    static func tree(of source: SourceText, environment: EnvironmentVariables, _ findings: Findings) -> SyntaxNode? {
        var parsing = YAMLParsing(source: source, environment: environment, findings: findings)
        return parsing.tree()
    }

    private init(source: SourceText, environment: EnvironmentVariables, findings: Findings) {
        self.source = source
        self.environment = environment
        self.findings = findings
    }

    private mutating func tree() -> SyntaxNode? {
        var scalars = source.scalars
        standIns.hide(in: &scalars)
        var problem: YamlError?
        for _ in 0..<Self.rounds {
            do {
                let text = String(String.UnicodeScalarView(scalars))
                let parser = try Parser(yaml: text, resolver: .basic, encoding: .utf8)
                guard let root = try parser.singleRoot() else { return nil }
                // Nodes refer to their anchors weakly; the parser owns them.
                let tree = withExtendedLifetime(parser) { node(root) }
                return isTooLarge ? nil : tree
            } catch let error as YamlError {
                problem = error
                guard case .duplicatedKeysInMapping(_, let context) = error,
                    let index = source.index(line: context.mark.line, column: context.mark.column),
                    standIns.makeUnique(keyAt: index, in: &scalars)
                else { break }
            } catch {
                break
            }
        }
        YAMLProblem(source: source, findings: findings).report(problem)
        return nil
    }

    private mutating func node(_ yaml: Node) -> SyntaxNode {
        let place = source.place(line: yaml.mark?.line ?? 1, column: yaml.mark?.column ?? 1)
        size += 1
        // Checked after counting and before going deeper: what is beyond the bound is never built.
        guard size <= Bounds.nodes else {
            if !isTooLarge {
                isTooLarge = true
                findings.error(
                    at: .file(source.file), "the file holds more than \(Bounds.nodes) values",
                    advice: "Aliases count with everything that they stand for.")
            }
            return SyntaxNode(place: place, content: .unknown)
        }
        let node =
            switch yaml {
            case .scalar(let scalar): text(scalar, place)
            case .sequence(let items): list(items, place)
            case .mapping(let pairs): mapping(pairs, place)
            case .alias: SyntaxNode(place: place, content: .empty)
            }
        if let anchor = yaml.anchor { anchors[anchor.rawValue] = node }
        return node
    }

    private mutating func list(_ items: Node.Sequence, _ place: Place) -> SyntaxNode {
        guard isKnown(items.tag, place) else { return SyntaxNode(place: place, content: .unknown) }
        return SyntaxNode(place: place, content: .list(items.map { node($0) }))
    }

    private mutating func mapping(_ pairs: Node.Mapping, _ place: Place) -> SyntaxNode {
        guard isKnown(pairs.tag, place) else { return SyntaxNode(place: place, content: .unknown) }
        var first: [String: Place] = [:]
        var entries: [SyntaxNode.Entry] = []
        for (yamlKey, yamlValue) in pairs {
            guard let key = key(yamlKey) else { continue }
            let value = node(yamlValue)
            if case .text(_, let line, _) = first[key.text] {
                findings.error(
                    at: key, "`\(key.text)` is given twice here",
                    advice: "The first one is on line \(line). Remove one of them, or rename it.")
                continue
            }
            first[key.text] = key.place
            entries.append(SyntaxNode.Entry(key: key, value: value))
        }
        return SyntaxNode(place: place, content: .mapping(entries))
    }

    private mutating func key(_ yaml: Node) -> SyntaxNode.Key? {
        let node = node(yaml)
        switch node.content {
        case .text("<<"):
            findings.error(
                at: node, "merge keys (`<<`) are not known",
                advice: "Write the values out, or use an alias for a whole value: `timeouts: *slow`.")
            return nil
        case .text(let text):
            return SyntaxNode.Key(text: text, place: node.place, writtenLength: node.writtenLength)
        case .unknown:
            return nil
        case .empty:
            findings.error(at: node, "a name is missing before the `:`")
            return nil
        case .list, .mapping:
            findings.error(
                at: node, "\(node.kind) cannot be a name",
                advice: "Before a `:` stands a single word. If this was meant as text, put it in quotes.")
            return nil
        }
    }

    private mutating func text(_ scalar: Node.Scalar, _ place: Place) -> SyntaxNode {
        guard isKnown(scalar.tag, place) else { return SyntaxNode(place: place, content: .unknown) }
        let isPlain = scalar.style == .plain
        let text = standIns.original(of: scalar.string)
        let length = source.writtenLength(of: text, at: place)
        if isPlain, scalar.string.unicodeScalars.first == StandIns.star {
            return alias(text, SyntaxNode(place: place, content: .empty, writtenLength: length))
        }
        if isPlain, ["", "~", "null", "Null", "NULL"].contains(text) {
            return SyntaxNode(place: place, content: .empty, writtenLength: length)
        }
        let expanded = environment.expanded(text, at: place, length: length, findings)
        return SyntaxNode(place: place, content: expanded.map { .text($0) } ?? .unknown, writtenLength: length)
    }

    /// An anchor counts from the end of its value on, so that no value can hold itself.
    private mutating func alias(_ text: String, _ node: SyntaxNode) -> SyntaxNode {
        let unknown = SyntaxNode(place: node.place, content: .unknown, writtenLength: node.writtenLength)
        let name = String(text.dropFirst())
        guard !name.isEmpty, name.unicodeScalars.allSatisfy({ $0.isASCIILetterOrDigit || $0 == "-" || $0 == "_" })
        else {
            findings.error(
                at: node, "a value that begins with `*` needs quotes", suggestion: Suggestion.didYouMean("\"\(text)\""),
                advice: "Without them YAML takes `*` for an alias, a reference to a value above.")
            return unknown
        }
        guard let target = anchors[name] else {
            findings.error(
                at: node, "the alias `*\(name)` refers to nothing",
                suggestion: Suggestion.nearest(to: name, among: anchors.keys.sorted())
                    .map { Suggestion.didYouMean("*\($0)") },
                advice: "Mark the value above with `&\(name)`, or put the text in quotes if no alias is meant.")
            return unknown
        }
        size += target.size
        return target
    }

    /// `!!str` and its kin say what the value is anyway; anything else asks for something that would not happen.
    private func isKnown(_ tag: Tag, _ place: Place) -> Bool {
        let name = standIns.original(of: tag.description)
        if name.isEmpty || name == "!" || name.hasPrefix("tag:yaml.org,2002:") { return true }
        findings.error(
            at: place, "the tag `\(name)` is not known",
            advice: "Remove it. An environment variable is written `${NAME}`; text that begins with `!` needs quotes.")
        return false
    }
}

extension SourceText {
    /// How many scalars on its line a value takes up: with its quotes, or as it stands; 1 when that cannot be told.
    fileprivate func writtenLength(of text: String, at place: Place) -> Int {
        guard case .text(_, let line, let column) = place else { return 1 }
        let written = self.line(line).dropFirst(column - 1)
        guard let first = written.first else { return 1 }
        if first == "\"" || first == "'" {
            var isEscaped = false
            for (offset, scalar) in written.enumerated().dropFirst() {
                if scalar == first, !isEscaped { return offset + 1 }
                isEscaped = first == "\"" && scalar == "\\" && !isEscaped
            }
            return 1
        }
        return written.starts(with: text.unicodeScalars) ? max(1, text.unicodeScalars.count) : 1
    }
}
