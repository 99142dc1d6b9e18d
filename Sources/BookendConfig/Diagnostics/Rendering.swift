extension Diagnostic {
    /// The whole message for a terminal: place and cause, the line with a caret, and how to mend it. Ends with a
    /// newline.
    ///
    ///     bookend.yaml:7:13: error: `10 sec` is not a length of time
    ///     7 |     head: 10 sec
    ///       |           ^^^^^^ did you mean `10s`?
    ///       A whole number and a unit: 250ms, 10s, 5m, 1h.
    public func rendered(color: Bool) -> String {
        let ink = Ink(isUsed: color)
        let label = ink.painted(severity.rawValue, severity == .error ? Ink.red : Ink.yellow)
        var lines = ["\(ink.painted("\(place):", Ink.bold)) \(label): \(ink.painted(message, Ink.bold))"]
        if let excerpt {
            let number = String(excerpt.line)
            let blank = String(repeating: " ", count: number.count)
            let pointer = [excerpt.carets, suggestion].compactMap(\.self).joined(separator: " ")
            lines.append("\(ink.painted("\(number) |", Ink.blue)) \(excerpt.text)")
            lines.append("\(ink.painted("\(blank) |", Ink.blue)) \(excerpt.padding)\(ink.painted(pointer, Ink.green))")
        } else if let suggestion {
            lines.append("  " + ink.painted(suggestion, Ink.green))
        }
        if let advice {
            lines += advice.split(separator: "\n", omittingEmptySubsequences: false).map { "  " + $0 }
        }
        return lines.joined(separator: "\n") + "\n"
    }
}

extension Diagnostics {
    /// All messages with an empty line between them and, when there are several, their number.
    public func rendered(color: Bool) -> String {
        all.rendered(color: color)
    }
}

extension [Diagnostic] {
    /// All messages with an empty line between them and, when there are several, their number; empty for none.
    public func rendered(color: Bool) -> String {
        let shown = prefix(Bounds.diagnostics).map { $0.rendered(color: color) }
        guard count > 1 else { return shown.joined() }
        let errors = count { $0.severity == .error }
        let warnings = count - errors
        var counts: [String] = []
        if errors > 0 { counts.append(errors == 1 ? "1 error" : "\(errors) errors") }
        if warnings > 0 { counts.append(warnings == 1 ? "1 warning" : "\(warnings) warnings") }
        let rest = count > shown.count ? "; the first \(shown.count) are shown" : ""
        return (shown + [counts.joined(separator: ", ") + rest + "\n"]).joined(separator: "\n")
    }
}

/// ANSI colours (ECMA-48, SGR), or none.
private struct Ink {
    let isUsed: Bool
    static let bold = "1", red = "1;31", yellow = "1;33", green = "32", blue = "34"

    func painted(_ text: String, _ code: String) -> String {
        isUsed && !text.isEmpty ? "\u{1B}[\(code)m\(text)\u{1B}[0m" : text
    }
}
