import Yams

/// Turns what the YAML parser says into what is wrong and how to mend it.
struct YAMLProblem {
    let source: SourceText
    let findings: Findings

    func report(_ error: YamlError?) {
        switch error {
        case .scanner(let context, let problem, let mark, _), .parser(let context, let problem, let mark, _):
            report(problem, mark, context)
        case .composer(_, _, let mark, _):
            findings.error(
                at: source.place(line: mark.line, column: mark.column), "a second document begins here",
                advice: "Bookend reads one document from a file. Remove everything from `---` on.")
        case .duplicatedKeysInMapping(_, let context):
            findings.error(
                at: source.place(line: context.mark.line, column: context.mark.column),
                "this name is given twice", advice: "Remove one of them, or rename it.")
        case .reader(let problem, _, _, _):
            findings.error(at: .file(source.file), "the file cannot be read as YAML: \(problem)")
        default:
            findings.error(at: .file(source.file), "the file cannot be read as YAML")
        }
    }

    private func report(_ problem: String, _ mark: Mark, _ context: YamlError.Context?) {
        let place = source.place(line: mark.line, column: mark.column)
        let opened = context.map { source.place(line: $0.mark.line, column: $0.mark.column) } ?? place
        let openedLine = context?.mark.line ?? mark.line
        switch (problem, context?.text ?? "") {
        case ("found character that cannot start any token", _) where character(at: mark) == "\t",
            ("found a tab character that violates indentation", _),
            ("found a tab character where an indentation space is expected", _):
            findings.error(
                at: place, "a tab is used to indent",
                advice: "YAML indents with spaces only: replace the tab by spaces.")
        case ("found character that cannot start any token", _):
            let character = character(at: mark).map { "`\($0)`" } ?? "this character"
            findings.error(at: place, "a value cannot begin with \(character)", advice: "Put the value in quotes.")
        case ("mapping values are not allowed in this context", _):
            strayColon(mark)
        case ("could not find expected ':'", _):
            findings.error(
                at: opened, "a `:` is missing", advice: "Every line here is `name: value`, with a space behind the `:`."
            )
        case ("did not find expected key", "while parsing a block mapping"):
            findings.error(
                at: place, "this does not fit in with the lines above",
                advice: "Names that belong together begin in the same column, as those from line \(openedLine) on.")
        case ("did not find expected '-' indicator", _):
            findings.error(
                at: place, "this does not fit in with the list above",
                advice: "Put it in the column of the name above it, or begin it with `-` in the column of the list,\n"
                    + "which starts on line \(openedLine).")
        case ("block sequence entries are not allowed in this context", _):
            findings.error(
                at: place, "a list cannot begin here", advice: "Put each `-` on a line of its own, below the name.")
        case ("did not find expected ',' or ']'", _):
            notClosed("[", "]", opened, place)
        case ("did not find expected ',' or '}'", _):
            notClosed("{", "}", opened, place)
        case ("did not find expected node content", _) where character(at: mark) == ":":
            unquotedColon(mark)
        case ("did not find expected node content", _):
            findings.error(
                at: place, "a value is missing before this", advice: "Remove the sign, or write the value before it.")
        case ("found unexpected end of stream", "while scanning a quoted scalar"),
            ("found unexpected document indicator", "while scanning a quoted scalar"):
            findings.error(at: opened, "this quote is never closed", advice: "Put the same quote behind the text.")
        case ("found unknown escape character", _):
            findings.error(
                at: place, "this `\\` is no escape that YAML knows",
                advice: "Use single quotes, in which `\\` is an ordinary character.")
        case (_, "while scanning an anchor"):
            findings.error(
                at: opened, "`&` needs a name behind it",
                advice: "Put the text in quotes if it is meant to begin with `&`.")
        case (_, "while scanning a directive"), (_, "while scanning a %YAML directive"),
            (_, "while scanning a %TAG directive"):
            findings.error(at: opened, "a line cannot begin with `%`", advice: "Put the value in quotes.")
        case (let text, _) where text.hasPrefix("Maximum nesting level"):
            findings.error(at: place, "too many levels inside one another", advice: "Look for a `[` or `{` too many.")
        default:
            let context = context.map { " \($0.text)" } ?? ""
            findings.error(at: place, "this is not YAML: \(problem)\(context)")
        }
    }

    private func notClosed(_ opening: String, _ closing: String, _ opened: Place, _ place: Place) {
        findings.error(
            at: opened, "this `\(opening)` is not closed",
            advice: "A `,` or `\(closing)` was expected before line \(place.lineNumber), column \(place.columnNumber).")
    }

    private func character(at mark: Mark) -> Unicode.Scalar? {
        source.index(line: mark.line, column: mark.column).map { source.scalars[$0] }
    }
}
