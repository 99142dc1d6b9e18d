/// JSON of any shape, without null.
public indirect enum JSONValue: Sendable, Equatable {
    case text(String)
    case number(Double)
    case flag(Bool)
    case list([JSONValue])
    case object([String: JSONValue])
}

extension JSONValue: ExpressibleByStringLiteral, ExpressibleByFloatLiteral, ExpressibleByIntegerLiteral,
    ExpressibleByBooleanLiteral, ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
    public init(stringLiteral text: String) { self = .text(text) }
    public init(floatLiteral number: Double) { self = .number(number) }
    public init(integerLiteral number: Int) { self = .number(Double(number)) }
    public init(booleanLiteral flag: Bool) { self = .flag(flag) }
    public init(arrayLiteral values: JSONValue...) { self = .list(values) }
    public init(dictionaryLiteral pairs: (String, JSONValue)...) {
        self = .object(Dictionary(uniqueKeysWithValues: pairs))
    }
}

extension JSONValue: Codable {
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if let flag = try? container.decode(Bool.self) {
            self = .flag(flag)
        } else if let number = try? container.decode(Double.self) {
            self = .number(number)
        } else if let text = try? container.decode(String.self) {
            self = .text(text)
        } else if let values = try? container.decode([JSONValue].self) {
            self = .list(values)
        } else {
            self = .object(try container.decode([String: JSONValue].self))
        }
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .text(let text): try container.encode(text)
        case .number(let number): try container.encode(number)
        case .flag(let flag): try container.encode(flag)
        case .list(let values): try container.encode(values)
        case .object(let pairs): try container.encode(pairs)
        }
    }
}

extension JSONValue {
    /// A document of the admin API, as it writes it; an empty object for what it could not write.
    init(_ document: some Encodable) {
        self = AdminJSON.decoded(JSONValue.self, AdminJSON.encoded(document)) ?? [:]
    }

    static func count(_ value: Int) -> JSONValue { .number(Double(value)) }

    /// Nil for what is none.
    var text: String? {
        if case .text(let text) = self { text } else { nil }
    }

    subscript(_ key: String) -> JSONValue? {
        if case .object(let pairs) = self { pairs[key] } else { nil }
    }

    var keys: [String] {
        if case .object(let pairs) = self { pairs.keys.sorted() } else { [] }
    }
}
