/// Why a message is refused. After the answer the connection closes: the message's end cannot be trusted (rule 17).
public struct Refusal: Error, Equatable, Sendable {
    /// The status to answer with. For a refused response, see `asBadGateway`.
    public let status: Int
    /// The rule it breaks, as numbered in the list of HTTP rules.
    public let rule: Int
    /// What is wrong, in words that a person can act on.
    public let reason: StaticString

    init(_ status: Int, rule: Int, _ reason: StaticString) {
        self.status = status
        self.rule = rule
        self.reason = reason
    }

    /// The same refusal when the bytes came from a server: the client hears 502 (RFC 9110, section 15.6.3).
    public var asBadGateway: Refusal { Refusal(502, rule: rule, reason) }

    public static func == (one: Refusal, other: Refusal) -> Bool {
        one.status == other.status && one.rule == other.rule && one.reason.bytes == other.reason.bytes
    }
}

extension StaticString {
    fileprivate var bytes: String { description }
}
