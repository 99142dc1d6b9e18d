/// The names of pools and servers.
enum Name {
    /// Notes an error when a name could not stand in a metric, a log line and a command alike.
    static func check(_ key: SyntaxNode.Key, of what: String, _ findings: Findings) {
        let scalars = key.text.unicodeScalars
        if key.text.utf8.count > Bounds.nameLength {
            findings.error(
                at: key, "the name of this \(what) is longer than \(Bounds.nameLength) characters",
                advice: "It appears in every metric, log line and command.")
        } else if let odd = scalars.first(where: { !isAllowed($0) }) {
            findings.error(
                at: key, "the name of a \(what) cannot hold \(odd == " " ? "a space" : "`\(odd)`")",
                advice: "Letters, digits, `.`, `_` and `-`: it appears in metrics, logs and commands.")
        } else if scalars.first?.isASCIILetterOrDigit != true {
            findings.error(
                at: key, "the name of a \(what) begins with a letter or a digit",
                advice: "On a command line it would be taken for something else.")
        }
    }

    private static func isAllowed(_ scalar: Unicode.Scalar) -> Bool {
        scalar.isASCIILetterOrDigit || scalar == "." || scalar == "_" || scalar == "-"
    }
}
