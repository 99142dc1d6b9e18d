/// Lines of YAML, two columns further in for each level.
struct YAMLWriter {
    /// Without what may be a password: the paths of webhooks and the arguments of programs.
    let isForAnyone: Bool
    private(set) var text = ""
    private var level = 0

    init(isForAnyone: Bool) {
        self.isForAnyone = isForAnyone
    }

    mutating func line(_ line: String) {
        text += line.isEmpty ? "\n" : String(repeating: "  ", count: level) + line + "\n"
    }

    /// A value that needs no quotes.
    mutating func value(_ key: String, _ value: String, isDefault: Bool) {
        line("\(key): \(value)" + (isDefault ? "  # default" : ""))
    }

    mutating func value(_ key: String, quoting value: String, comment: String? = nil) {
        line("\(key): \(Self.quoted(value))" + (comment.map { "  # \($0)" } ?? ""))
    }

    func command(_ words: [String]) -> String {
        "[\(words.prefix(isForAnyone ? 1 : words.count).map(Self.quoted).joined(separator: ", "))]"
    }

    mutating func indented(_ body: (inout YAMLWriter) -> Void) {
        level += 1
        body(&self)
        level -= 1
    }

    /// As it is where YAML cannot misread it, otherwise in double quotes; `${` so that nothing is replaced.
    static func quoted(_ text: String) -> String {
        let isPlain = text.unicodeScalars.allSatisfy { $0.isASCIILetterOrDigit || "./_-:".unicodeScalars.contains($0) }
        let isSafe =
            isPlain && !text.hasPrefix("-") && !text.hasPrefix(":") && !text.hasSuffix(":") && !text.contains("::")
        if isSafe, !["", "~", "null", "Null", "NULL"].contains(text), !Self.meansMore(text) { return text }
        var result = ""
        var previous: Unicode.Scalar = " "
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"", "\\": result += "\\\(scalar)"
            case "{" where previous == "$": result += "${"
            case " "..."~": result.unicodeScalars.append(scalar)
            default:
                let code = String(scalar.value, radix: 16)
                result += "\\U" + String(repeating: "0", count: 8 - code.count) + code
            }
            previous = scalar
        }
        return "\"\(result)\""
    }

    /// Words and numbers that other YAML programs would not take for text.
    private static func meansMore(_ text: String) -> Bool {
        let first = text.unicodeScalars.first ?? " "
        let isNumeric = text.unicodeScalars.allSatisfy { "0"..."9" ~= $0 || $0 == "." || $0 == "_" }
        return isNumeric && "0"..."9" ~= first
            || ["true", "false", "yes", "no", "on", "off"].contains(text.lowercased())
    }
}

extension HostPattern: CustomStringConvertible {
    /// As configuration writes it.
    public var description: String {
        switch self {
        case .exact(let name): String(decoding: name, as: UTF8.self)
        case .anyUnder(let suffix): "*" + String(decoding: suffix, as: UTF8.self)
        }
    }
}

extension PathPrefix: CustomStringConvertible {
    public var description: String { String(decoding: bytes, as: UTF8.self) }
}
