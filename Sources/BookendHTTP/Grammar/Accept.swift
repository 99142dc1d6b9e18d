/// In which form a client would like an answer that Bookend writes itself.
public enum AcceptedForm: Equatable, Sendable {
    case html
    case json
    /// Both are as welcome, or nothing was said.
    case either
}

extension RequestHead {
    /// What all `Accept` fields together say about `text/html` and `application/json`: the most specific range that
    /// matches gives the weight, 1 if it has none (RFC 9110, section 12.5.1).
    public func acceptedForm(in bytes: Span<UInt8>) -> AcceptedForm {
        guard present.contains(.accept) else { return .either }
        var html = MediaWeight(type: "text/*", exact: "text/html")
        var json = MediaWeight(type: "application/*", exact: "application/json")
        for field in fields where field.known == .accept {
            var ranges = ListElements(field.value)
            while let range = ranges.next(in: bytes) {
                html.consider(range, bytes)
                json.consider(range, bytes)
            }
        }
        if html.weight == json.weight { return .either }
        return html.weight > json.weight ? .html : .json
    }
}

/// The weight that an `Accept` field gives to one media type.
private struct MediaWeight {
    let type: StaticString
    let exact: StaticString
    /// In thousandths.
    private(set) var weight = 0
    /// 3 for the type itself, 2 for `type/*`, 1 for `*/*`, 0 for none yet.
    private var precision = 0

    init(type: StaticString, exact: StaticString) {
        self.type = type
        self.exact = exact
    }

    mutating func consider(_ range: Slice, _ bytes: Span<UInt8>) {
        let semicolon = Scan.first(UInt8(ascii: ";"), in: bytes, from: Int(range.start), to: range.end)
        let precision = precision(of: bytes.trimmed(Int(range.start), semicolon), bytes)
        let weight = Self.weight(bytes, semicolon, range.end)
        guard precision > 0, precision > self.precision || (precision == self.precision && weight > self.weight) else {
            return
        }
        self.precision = precision
        self.weight = weight
    }

    private func precision(of name: Slice, _ bytes: Span<UInt8>) -> Int {
        if bytes.equals(name, ignoringCase: exact) { return 3 }
        if bytes.equals(name, ignoringCase: type) { return 2 }
        return bytes.equals(name, ignoringCase: "*/*") ? 1 : 0
    }

    /// The parameter `q` among those in `start..<end`, each after a semicolon. What is malformed counts as 1.
    private static func weight(_ bytes: Span<UInt8>, _ start: Int, _ end: Int) -> Int {
        var at = start &+ 1
        while at < end {
            let next = Scan.first(UInt8(ascii: ";"), in: bytes, from: at, to: end)
            let parameter = bytes.trimmed(at, next)
            if parameter.count > 2, bytes[Int(parameter.start)] | 0x20 == UInt8(ascii: "q"),
                bytes[Int(parameter.start) &+ 1] == UInt8(ascii: "=")
            {
                return thousandths(Slice(Int(parameter.start) &+ 2, parameter.end), bytes) ?? 1000
            }
            at = next &+ 1
        }
        return 1000
    }

    /// `qvalue`: 0 or 1 with up to three decimals, at most 1.
    private static func thousandths(_ text: Slice, _ bytes: Span<UInt8>) -> Int? {
        guard text.count <= 5 else { return nil }
        var value = 0
        var scale = 1000
        for (offset, index) in text.range.enumerated() {
            if offset == 1 {
                guard bytes[index] == UInt8(ascii: ".") else { return nil }
                continue
            }
            guard bytes[index].isDigit else { return nil }
            value &+= Int(bytes[index] &- 0x30) &* scale
            scale /= 10
        }
        return value <= 1000 ? value : nil
    }
}
