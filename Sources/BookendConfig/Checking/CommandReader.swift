/// Reads a command that Bookend runs: a program, or a list of it and its arguments. There is no shell, so nothing has to be
/// quoted and nothing can be smuggled in.
struct CommandReader {
    let findings: Findings

    /// Program and arguments; nil after an error, or when it is left out.
    func read(_ key: String, _ fields: Fields) -> [String]? {
        guard let node = fields.value(key) else { return nil }
        let nodes: [SyntaxNode]
        if case .list(let items) = node.content { nodes = items } else { nodes = [node] }
        let words = nodes.compactMap { Scalar(key, $0, findings).flatMap(word) }
        guard words.count == nodes.count else { return nil }
        guard let program = words.first, program.hasPrefix("/") else {
            findings.error(
                at: nodes.first ?? node, "`\(key)` names no program by its whole path",
                advice: "No shell looks for it: `\(key): /usr/local/bin/page-someone`.")
            return nil
        }
        if nodes.count == 1, program.contains(" ") {
            let parts = program.split(separator: " ").joined(separator: ", ")
            findings.error(
                at: nodes[0], "`\(key)` names a program with a space in it",
                suggestion: Suggestion.didYouMean("[\(parts)]"),
                advice: "No shell takes it apart: a program with arguments is a list.")
            return nil
        }
        guard words.count <= Bounds.commandWords else {
            findings.error(
                at: node, "`\(key)` has \(words.count) words; the most is \(Bounds.commandWords)",
                advice: "Put it into a script.")
            return nil
        }
        return words
    }

    private func word(_ scalar: Scalar) -> String? {
        let isPlain = scalar.text.unicodeScalars.allSatisfy { $0.properties.generalCategory != .control }
        if isPlain, scalar.text.utf8.count <= Bounds.commandWord { return scalar.text }
        findings.error(
            at: scalar.node, "`\(scalar.key)` wants words of one line, of at most \(Bounds.commandWord) bytes",
            advice: "Put it into a script.")
        return nil
    }
}
