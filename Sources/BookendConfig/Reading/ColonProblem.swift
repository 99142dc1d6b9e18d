import Yams

/// Colons are what people get wrong most: addresses are full of them.
extension YAMLProblem {
    /// A value that begins with `:` inside `{ }` or `[ ]`, or an IPv6 address whose bracket was taken for a list.
    func unquotedColon(_ mark: Mark) {
        let line = source.line(mark.line)
        let isBracketed = mark.column > 1 && line.dropFirst(mark.column - 2).first == "["
        let column = isBracketed ? mark.column - 1 : mark.column
        let word = line.dropFirst(column - 1).prefix { !" ,}".unicodeScalars.contains($0) }
        let text = String(String.UnicodeScalarView(word))
        findings.error(
            at: source.place(line: mark.line, column: column), length: word.count,
            isBracketed
                ? "a value that begins with `[` needs quotes"
                : "inside `{ }` and `[ ]` a value that begins with `:` needs quotes",
            suggestion: Suggestion.didYouMean("\"\(text)\""))
    }

    /// A `:` behind a line that YAML takes for finished, or for unfinished text.
    func strayColon(_ mark: Mark) {
        let before = source.line(mark.line).prefix(mark.column - 1)
        let name = before.drop { $0 == " " }
        guard !name.contains(" "), !name.isEmpty else {
            findings.error(
                at: source.place(line: mark.line, column: mark.column), "this `:` does not belong here",
                advice: "Each `name: value` stands on a line of its own.\n"
                    + "Text that holds a `:` and a space needs quotes.")
            return
        }
        if let (number, column) = colonWithoutSpace(above: mark.line) {
            findings.error(
                at: source.place(line: number, column: column), "a space is missing behind this `:`",
                advice: "Without it YAML takes the line for text.")
            return
        }
        findings.error(
            at: source.place(line: mark.line, column: before.count - name.count + 1), length: name.count,
            "this line is indented further than the one above it",
            advice: "The one above has its value already. Names that belong together begin in the same column.")
    }

    /// The first `:` of the nearest line above that says something, when no space follows any of its colons.
    private func colonWithoutSpace(above line: Int) -> (line: Int, column: Int)? {
        for number in stride(from: line - 1, through: 1, by: -1) {
            let text = Array(source.line(number))
            guard let first = text.first(where: { $0 != " " }), first != "#" else { continue }
            let colons = text.indices.filter { text[$0] == ":" }
            let isSpaced = colons.contains { $0 + 1 == text.count || text[$0 + 1] == " " }
            return isSpaced ? nil : colons.first.map { (number, $0 + 1) }
        }
        return nil
    }
}
