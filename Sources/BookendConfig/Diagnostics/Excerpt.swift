/// A line of a file and the part of it that is meant.
public struct Excerpt: Sendable, Equatable {
    /// The line without its end, shortened to a window when it is long.
    public let text: String
    public let line: Int
    /// First scalar that is meant, from 1, counted in `text`.
    public let column: Int
    /// Number of scalars that are meant; at least 1.
    public let length: Int

    /// Scalars to show: with the gutter they fit a terminal of 120 columns.
    static let window = 100

    init(of line: ArraySlice<Unicode.Scalar>, line number: Int, column: Int, length: Int) {
        let start = min(max(0, column - 1), line.count)
        let length = max(1, min(length, line.count - start))
        var first = 0
        if start + length > Self.window {
            first = max(0, min(start - Self.window / 4, line.count - Self.window))
        }
        let end = min(line.count, first + Self.window)
        var shown = Array(line.dropFirst(first).prefix(end - first))
        if first > 0 { shown[0] = "…" }
        if end < line.count { shown.append("…") }
        text = String(String.UnicodeScalarView(shown)).printable(upTo: .max)
        self.line = number
        self.column = start - first + 1
        self.length = max(1, min(length, end - start))
    }

    /// What stands before the caret: tabs stay tabs and wide characters become two spaces, so that the caret lands
    /// below.
    var padding: String {
        var result = ""
        for scalar in text.unicodeScalars.prefix(column - 1) {
            result += scalar == "\t" ? "\t" : String(repeating: " ", count: scalar.columns)
        }
        return result
    }

    var carets: String {
        let columns = text.unicodeScalars.dropFirst(column - 1).prefix(length).reduce(0) { $0 + $1.columns }
        return String(repeating: "^", count: max(1, columns))
    }
}

extension String {
    /// Without what would move a terminal's cursor or turn text around, and not longer than `limit` scalars: a message
    /// may hold anything that a file holds.
    func printable(upTo limit: Int) -> String {
        let scalars = unicodeScalars.prefix(limit).map { scalar -> Unicode.Scalar in
            switch scalar.properties.generalCategory {
            case .control: scalar == "\n" || scalar == "\t" ? scalar : "\u{FFFD}"
            case .format, .lineSeparator, .paragraphSeparator, .privateUse, .unassigned: "\u{FFFD}"
            default: scalar
            }
        }
        return String(String.UnicodeScalarView(scalars)) + (unicodeScalars.count > limit ? "…" : "")
    }
}

extension Unicode.Scalar {
    /// Columns that a terminal gives to this scalar: the wide blocks of Unicode Standard Annex #11, marks 0, others 1.
    var columns: Int {
        guard value >= 0x300 else { return 1 }
        switch properties.generalCategory {
        case .nonspacingMark, .enclosingMark, .format: return 0
        default: break
        }
        switch value {
        case 0x1100...0x115F, 0x2E80...0x303E, 0x3041...0xA4CF, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F,
            0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x1F300...0x1F64F, 0x1F680...0x1F6FF, 0x1F900...0x1F9FF,
            0x20000...0x3FFFD:
            return 2
        default: return 1
        }
    }
}
