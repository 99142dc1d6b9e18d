/// Reads a command that Bookend runs: a program, or a list of it and its arguments. There is no shell, so nothing has to be
/// quoted and nothing can be smuggled in.
struct CommandReader {
    /// How the program is found.
    enum Lookup {
        /// By its whole path alone.
        case path
        /// In `PATH` too, as at a prompt; so one line may stand for the whole command.
        case environment
    }

    let findings: Findings
    let lookup: Lookup

    /// Program and arguments; nil after an error.
    func read(_ key: String, _ node: SyntaxNode) -> [String]? {
        let nodes: [SyntaxNode]
        if case .list(let items) = node.content { nodes = items } else { nodes = [node] }
        var words = nodes.compactMap { Scalar(key, $0, findings).flatMap(word) }
        guard words.count == nodes.count else { return nil }
        switch lookup {
        case .path:
            guard isPath(key, words, nodes.first ?? node) else { return nil }
        case .environment:
            if case .text(let line) = node.content {
                guard needsNoShell(line, node) else { return nil }
                words = line.split(separator: " ").map(String.init)
            }
            guard !words.isEmpty else {
                findings.error(
                    at: node, "`\(key)` names no program",
                    advice: "For example `command: [systemctl, restart, bookty]`.")
                return nil
            }
        }
        guard words.count <= Bounds.commandWords else {
            findings.error(
                at: node, "`\(key)` has \(words.count) words; the most is \(Bounds.commandWords)",
                advice: "Put it into a script.")
            return nil
        }
        return words
    }

    private func isPath(_ key: String, _ words: [String], _ node: SyntaxNode) -> Bool {
        guard let program = words.first, program.hasPrefix("/") else {
            findings.error(
                at: node, "`\(key)` names no program by its whole path",
                advice: "No shell looks for it: `\(key): /usr/local/bin/page-someone`.")
            return false
        }
        guard words.count == 1, program.contains(" ") else { return true }
        let parts = program.split(separator: " ").joined(separator: ", ")
        findings.error(
            at: node, "`\(key)` names a program with a space in it",
            suggestion: Suggestion.didYouMean("[\(parts)]"),
            advice: "No shell takes it apart: a program with arguments is a list.")
        return false
    }

    /// A line is only taken apart at its spaces: what would need a shell is refused, so that nobody relies on one.
    private func needsNoShell(_ line: String, _ node: SyntaxNode) -> Bool {
        guard line.contains(where: { "\"'`$|&;<>()*?\\~#\n".contains($0) }) else { return true }
        findings.error(
            at: node, "`\(line)` needs a shell, and none is used",
            advice: "Give the words as a list, `command: [systemctl, restart, bookty]`, or name the shell: "
                + "`command: [sh, -c, \"…\"]`.")
        return false
    }

    /// Of several lines where an argument is a script.
    private func word(_ scalar: Scalar) -> String? {
        let isPlain = scalar.text.unicodeScalars.allSatisfy { $0.properties.generalCategory != .control || $0 == "\n" }
        if isPlain, scalar.text.utf8.count <= Bounds.commandWord { return scalar.text }
        findings.error(
            at: scalar.node,
            "`\(scalar.key)` wants words without control characters, of at most \(Bounds.commandWord) bytes",
            advice: "Put it into a script.")
        return nil
    }
}
