/// One thing that is wrong, or unwise, with what it takes to mend it.
public struct Diagnostic: Sendable, Equatable {
    public enum Severity: String, Sendable {
        /// Nothing runs with it.
        case error
        /// It runs, but has the shape of an outage.
        case warning
    }

    public let severity: Severity
    public let place: Place
    /// The cause, in one sentence.
    public let message: String
    /// What was probably meant, short enough to stand behind the caret.
    public let suggestion: String?
    /// How to mend it.
    public let advice: String?
    /// The line in question; `nil` for a flag or a whole file.
    public let excerpt: Excerpt?
}

/// Why there is no configuration.
public struct Diagnostics: Error, Sendable, Equatable {
    /// In the order of the file.
    public let all: [Diagnostic]

    public init(_ all: [Diagnostic]) {
        self.all = all
    }
}
