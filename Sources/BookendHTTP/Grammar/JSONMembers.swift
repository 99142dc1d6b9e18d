/// Walks the members of one flat JSON object in place (RFC 8259): names, and values that are numbers. What else stands
/// there is checked as far as is needed to step over it.
struct JSONMembers {
    struct Member {
        /// As written, without its quotes.
        let name: Slice
        /// Nil when the value is no number.
        let number: Double?
    }

    private static let deepest = 16

    private var at: Int
    private let end: Int
    private var stage = Stage.before
    /// The object was read to its end, and nothing stood behind it.
    var isWhole: Bool { stage == .done }

    private enum Stage { case before, member, done, broken }

    init(_ text: Slice) {
        at = Int(text.start)
        end = text.end
    }

    /// The next member; nil after the last, and where the text is no object.
    mutating func next(in bytes: Span<UInt8>) -> Member? {
        if stage == .before {
            guard take(UInt8(ascii: "{"), bytes) else { return fail() }
            stage = .member
            if take(UInt8(ascii: "}"), bytes) { return finish(bytes) }
        } else if stage == .member {
            if take(UInt8(ascii: "}"), bytes) { return finish(bytes) }
            guard take(UInt8(ascii: ","), bytes) else { return fail() }
        }
        guard stage == .member else { return nil }
        skipSpace(bytes)
        guard let name = string(bytes), take(UInt8(ascii: ":"), bytes) else { return fail() }
        skipSpace(bytes)
        guard at < end else { return fail() }
        if bytes[at].isDigit || bytes[at] == UInt8(ascii: "-") {
            guard let number = DecimalNumber.read(bytes, from: &at, to: end) else { return fail() }
            return Member(name: name, number: number)
        }
        guard skipValue(bytes) else { return fail() }
        return Member(name: name, number: nil)
    }

    private mutating func fail() -> Member? {
        stage = .broken
        return nil
    }

    private mutating func finish(_ bytes: Span<UInt8>) -> Member? {
        skipSpace(bytes)
        stage = at == end ? .done : .broken
        return nil
    }

    private mutating func skipSpace(_ bytes: Span<UInt8>) {
        while at < end, bytes[at].isWhitespace { at &+= 1 }
    }

    private mutating func take(_ byte: UInt8, _ bytes: Span<UInt8>) -> Bool {
        skipSpace(bytes)
        guard at < end, bytes[at] == byte else { return false }
        at &+= 1
        return true
    }

    private mutating func string(_ bytes: Span<UInt8>) -> Slice? {
        guard at < end, bytes[at] == UInt8(ascii: "\"") else { return nil }
        let start = at &+ 1
        at = start
        while at < end, bytes[at] != UInt8(ascii: "\"") { at &+= bytes[at] == UInt8(ascii: "\\") ? 2 : 1 }
        guard at < end else { return nil }
        at &+= 1
        return Slice(start, at &- 1)
    }

    private mutating func skipValue(_ bytes: Span<UInt8>) -> Bool {
        var depth = 0
        repeat {
            switch bytes[at] {
            case UInt8(ascii: "\""):
                guard string(bytes) != nil else { return false }
            case UInt8(ascii: "{"), UInt8(ascii: "["):
                depth += 1
                at &+= 1
            case UInt8(ascii: "}"), UInt8(ascii: "]"):
                guard depth > 0 else { return false }
                depth -= 1
                at &+= 1
            case UInt8(ascii: ",") where depth == 0:
                return false
            default:
                // Letters of `true`, `false` and `null`, and whatever separates the members of what is stepped over.
                at &+= 1
                if depth == 0 { while at < end, bytes[at].isLetter { at &+= 1 } }
            }
            guard depth <= Self.deepest else { return false }
        } while depth > 0 && at < end
        return depth == 0
    }
}
