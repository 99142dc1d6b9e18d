/// Characters that are put in the place of others before the YAML parser sees the text, and taken back afterwards.
///
/// Each is a private-use character, which ``SourceText/firstForbidden`` keeps out of every file, and replaces exactly
/// one scalar, so that all positions stay true. Three things need it:
/// - `*`: the parser would resolve aliases itself, and hash what they stand for: with keys like `? [*a, *a]` that takes
///   longer than the universe has. Here an alias is a plain word, resolved and counted by ``YAMLParsing``.
/// - `{` and `}` of `${NAME}`: inside `{ … }` they would end the value.
/// - The first character of a key that is given twice: the parser stops at the first duplicate, and everybody shall see
///   the other errors too.
struct StandIns {
    private var originals: [Unicode.Scalar: Unicode.Scalar] = [Self.star: "*", Self.opening: "{", Self.closing: "}"]

    static let star: Unicode.Scalar = "\u{E000}"
    private static let opening: Unicode.Scalar = "\u{E001}"
    private static let closing: Unicode.Scalar = "\u{E002}"
    /// First of those for duplicate keys; 65,533 follow.
    private static let firstForKeys: UInt32 = 0xF0000

    func original(of text: String) -> String {
        guard text.utf8.contains(where: { $0 >= 0x80 }) else { return text }
        return String(String.UnicodeScalarView(text.unicodeScalars.map { originals[$0] ?? $0 }))
    }

    /// Replaces every `*` and the braces of every `${…}`.
    func hide(in scalars: inout [Unicode.Scalar]) {
        var opening: Int?
        for index in scalars.indices {
            switch scalars[index] {
            case "*": scalars[index] = Self.star
            case "{" where index > 0 && scalars[index - 1] == "$": opening = index
            case "}":
                if let start = opening {
                    scalars[start] = Self.opening
                    scalars[index] = Self.closing
                }
                opening = nil
            case "_": break
            case let other where other.isASCIILetterOrDigit: break
            default: opening = nil
            }
        }
    }

    /// Makes the key at `index` unlike every other. False when there is no plain character to replace.
    mutating func makeUnique(keyAt index: Int, in scalars: inout [Unicode.Scalar]) -> Bool {
        let isQuoted = scalars[index] == "\"" || scalars[index] == "'"
        let index = isQuoted ? index + 1 : index
        guard index < scalars.count, let standIn = Unicode.Scalar(Self.firstForKeys + UInt32(originals.count)) else {
            return false
        }
        let original = scalars[index]
        guard original.isASCIILetterOrDigit else { return false }
        originals[standIn] = original
        scalars[index] = standIn
        return true
    }
}
