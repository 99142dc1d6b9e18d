/// Replaces `${NAME}` by the variable's value; `$${` stands for `${` itself.
struct EnvironmentVariables {
    let values: [String: String]

    enum Problem: Error, Equatable {
        case notClosed
        case notAName(String)
        case unset(String)
    }

    /// Values are taken as they are: what looks like `${…}` inside a value is not replaced again.
    func expanded(_ text: String) throws(Problem) -> String {
        guard text.utf8.contains(UInt8(ascii: "$")) else { return text }
        var result = ""
        var rest = text[...]
        while let dollar = rest.firstIndex(of: "$") {
            result += rest[..<dollar]
            rest = rest[dollar...]
            if rest.hasPrefix("$${") {
                result += "${"
                rest = rest.dropFirst(3)
            } else if rest.hasPrefix("${") {
                guard let end = rest.firstIndex(of: "}") else { throw .notClosed }
                let name = String(rest[..<end].dropFirst(2))
                guard Self.isName(name) else { throw .notAName(name) }
                guard let value = values[name] else { throw .unset(name) }
                result += value
                rest = rest[end...].dropFirst()
            } else {
                result += "$"
                rest = rest.dropFirst()
            }
        }
        return result + rest
    }

    /// IEEE Std 1003.1-2017, section 3.235.
    private static func isName(_ text: String) -> Bool {
        guard let first = text.utf8.first, !(UInt8(ascii: "0")...UInt8(ascii: "9")).contains(first) else {
            return false
        }
        return text.utf8.allSatisfy { $0 == UInt8(ascii: "_") || UnicodeScalar($0).isASCIILetterOrDigit }
    }
}

extension Unicode.Scalar {
    var isASCIILetterOrDigit: Bool {
        switch self {
        case "a"..."z", "A"..."Z", "0"..."9": true
        default: false
        }
    }
}

extension EnvironmentVariables {
    /// The same, with problems reported; `nil` after a problem.
    func expanded(_ text: String, at place: Place, length: Int, _ findings: Findings) -> String? {
        do throws(Problem) {
            return try expanded(text)
        } catch {
            report(error, at: place, length: length, findings)
            return nil
        }
    }

    private func report(_ problem: Problem, at place: Place, length: Int, _ findings: Findings) {
        switch problem {
        case .notClosed:
            findings.error(
                at: place, length: length, "`${` has no `}` behind it",
                advice: "`${NAME}` takes an environment variable; for the characters themselves write `$${`.")
        case .notAName(let name):
            findings.error(
                at: place, length: length, "`${\(name)}` does not name an environment variable",
                advice: "A name has letters, digits and `_`, and nothing else is understood between the braces.\n"
                    + "For the characters themselves write `$${`.")
        case .unset(let name):
            findings.error(
                at: place, length: length, "the environment variable `\(name)` is not set",
                suggestion: Suggestion.nearest(to: name, among: values.keys.sorted())
                    .map { Suggestion.didYouMean("${\($0)}") },
                advice: "Set it for the process that starts Bookend (systemd: `Environment=\(name)=…`), "
                    + "or write the value here.")
        }
    }
}
