/// A file's text, cut into lines as YAML 1.1 does, so that a position means the same here and in the parser.
struct SourceText {
    let file: String
    let scalars: [Unicode.Scalar]
    /// Index in `scalars` at which each line begins.
    private let starts: [Int]

    init(_ text: String, file: String) {
        self.file = file
        // A byte order mark is no part of the text (RFC 3629, section 6).
        let scalars = Array(text.unicodeScalars.drop { $0 == "\u{FEFF}" })
        var starts = [0]
        for (index, scalar) in scalars.enumerated() where scalar.breaksLine {
            if scalar == "\r", index + 1 < scalars.count, scalars[index + 1] == "\n" { continue }
            starts.append(index + 1)
        }
        self.scalars = scalars
        self.starts = starts
    }

    var lineCount: Int { starts.count }

    func place(line: Int, column: Int) -> Place {
        .text(file: file, line: line, column: column)
    }

    func place(at index: Int) -> Place {
        let line = starts.lastIndex { $0 <= index } ?? 0
        return place(line: line + 1, column: index - starts[line] + 1)
    }

    /// The index of a position in `scalars`; `nil` outside the text.
    func index(line: Int, column: Int) -> Int? {
        guard (1...starts.count).contains(line), column >= 1, column <= scalars.count else { return nil }
        let index = starts[line - 1] + column - 1
        return index < scalars.count ? index : nil
    }

    /// A line without its end; empty outside the text.
    func line(_ number: Int) -> ArraySlice<Unicode.Scalar> {
        guard (1...starts.count).contains(number) else { return [] }
        let start = starts[number - 1]
        var end = number < starts.count ? starts[number] : scalars.count
        // From the end, not from the start: a hostile file is one line, asked for a hundred thousand times.
        while end > start, scalars[end - 1].breaksLine { end -= 1 }
        return scalars[start..<end]
    }

    func excerpt(line: Int, column: Int, length: Int) -> Excerpt {
        Excerpt(of: self.line(line), line: line, column: column, length: length)
    }

    /// The first scalar that no configuration holds: control characters, which YAML forbids (YAML 1.1, section 5.1),
    /// and private-use characters, which ``YAMLParsing`` keeps for itself.
    var firstForbidden: (place: Place, scalar: Unicode.Scalar)? {
        guard let index = scalars.firstIndex(where: \.isForbidden) else { return nil }
        return (place(at: index), scalars[index])
    }
}

extension Unicode.Scalar {
    /// Carriage return, line feed, next line, line separator, paragraph separator.
    fileprivate var breaksLine: Bool {
        switch value {
        case 0x0A, 0x0D, 0x85, 0x2028, 0x2029: true
        default: false
        }
    }

    fileprivate var isForbidden: Bool {
        switch value {
        case 0x09, 0x0A, 0x0D, 0x20...0x7E, 0x85, 0xA0...0xD7FF, 0xF900...0xFEFE, 0xFF00...0xFFFD,
            0x10000...0xEFFFF:
            false
        default: true
        }
    }
}
