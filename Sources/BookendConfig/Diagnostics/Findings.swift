/// Gathers what is wrong while reading goes on, so that everybody sees all errors of a file at once.
///
/// A class because every reader of one file writes to the same list; it never leaves the call that made it.
final class Findings {
    private let source: SourceText?
    private var all: [Diagnostic] = []

    /// - Parameter source: the text that excerpts come from; `nil` for flags.
    init(source: SourceText?) {
        self.source = source
    }

    var hasErrors: Bool { all.contains { $0.severity == .error } }

    /// There are more than will be shown.
    var isFull: Bool { all.count > Bounds.diagnostics }

    func error(at place: Place, length: Int = 1, _ message: String, suggestion: String? = nil, advice: String? = nil) {
        add(.error, place, length, message, suggestion, advice)
    }

    func error(at node: SyntaxNode, _ message: String, suggestion: String? = nil, advice: String? = nil) {
        add(.error, node.place, node.writtenLength, message, suggestion, advice)
    }

    func error(at key: SyntaxNode.Key, _ message: String, suggestion: String? = nil, advice: String? = nil) {
        add(.error, key.place, key.writtenLength, message, suggestion, advice)
    }

    /// About what is missing: at the name that asks for it, or about everything.
    func error(at key: SyntaxNode.Key?, or whole: Place, _ message: String, advice: String) {
        if let key {
            error(at: key, message, advice: advice)
        } else {
            error(at: whole, message, advice: advice)
        }
    }

    func warning(at key: SyntaxNode.Key, _ message: String, advice: String) {
        add(.warning, key.place, key.writtenLength, message, nil, advice)
    }

    func warning(at place: Place, _ message: String, advice: String) {
        add(.warning, place, 1, message, nil, advice)
    }

    func warning(at node: SyntaxNode, _ message: String, advice: String) {
        add(.warning, node.place, node.writtenLength, message, nil, advice)
    }

    /// In the order of the file. An alias is read wherever it is used, so that the same words about the same place
    /// appear several times: once is enough.
    func inOrder() -> [Diagnostic] {
        var seen: Set<[String]> = []
        return all.filter { seen.insert(["\($0.place)", $0.message]).inserted }
            .enumerated()
            .sorted { left, right in
                let (first, second) = (left.element.place.position, right.element.place.position)
                return first == second ? left.offset < right.offset : first < second
            }
            .map(\.element)
    }

    private func add(
        _ severity: Diagnostic.Severity, _ place: Place, _ length: Int, _ message: String, _ suggestion: String?,
        _ advice: String?
    ) {
        var excerpt: Excerpt?
        if case .text(_, let line, let column) = place {
            excerpt = source?.excerpt(line: line, column: column, length: length)
        }
        all.append(
            Diagnostic(
                severity: severity, place: place, message: message.printable(upTo: 300),
                suggestion: suggestion.flatMap { $0.utf8.count > 100 ? nil : $0.printable(upTo: 100) },
                advice: advice?.printable(upTo: 1_000), excerpt: excerpt))
    }
}

extension Place {
    /// Flags and whole files come first, in the order in which they were found.
    fileprivate var position: (line: Int, column: Int) {
        if case .text(_, let line, let column) = self { (line, column) } else { (0, 0) }
    }
}
