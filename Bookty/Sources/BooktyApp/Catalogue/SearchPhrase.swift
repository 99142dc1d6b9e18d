/// What a visitor searches for, made safe for SQLite's full-text query language.
///
/// FTS5 gives meaning to quotes, brackets, `*`, `^`, `:`, `-` and to words like `NEAR`. Bookty offers none of that: the
/// text is cut into words, each word is quoted, and a book must hold every word, or words that begin with it. What
/// remains can never be a syntax error.
package struct SearchPhrase: Sendable, Equatable {
    private static let mostWords = 12
    private static let longestWord = 40

    /// The words as typed, without punctuation.
    package let words: [String]

    package init(_ text: String) {
        words = text.split { !$0.isLetter && !$0.isNumber }
            .prefix(Self.mostWords)
            .map { String($0.prefix(Self.longestWord)) }
    }

    /// The expression for `MATCH`, or nil when no word is left to look for.
    package var expression: String? {
        words.isEmpty ? nil : words.map { "\"\($0)\"*" }.joined(separator: " ")
    }
}
