/// Unguessable tokens for sessions and forms.
enum Token {
    private static let bytes = 32

    /// 256 bits from the system's generator, as 64 hexadecimal digits.
    static func random() -> String {
        var generator = SystemRandomNumberGenerator()
        return hexadecimal((0..<bytes).map { _ in UInt8.random(in: .min ... .max, using: &generator) })
    }

    static func isWellFormed(_ token: String) -> Bool {
        token.utf8.count == bytes * 2 && token.allSatisfy { $0.isASCII && $0.isHexDigit }
    }

    /// What the database keeps instead of the token.
    static func digest(_ token: String) -> String {
        hexadecimal(SHA256.digest(Array(token.utf8)))
    }

    static func areEqual(_ left: String, _ right: String) -> Bool {
        let (left, right) = (Array(left.utf8), Array(right.utf8))
        guard left.count == right.count else { return false }
        return zip(left, right).reduce(0) { $0 | ($1.0 ^ $1.1) } == 0
    }

    static func hexadecimal(_ bytes: [UInt8]) -> String {
        let digits = Array("0123456789abcdef".utf8)
        var text: [UInt8] = []
        text.reserveCapacity(bytes.count * 2)
        for byte in bytes {
            text.append(digits[Int(byte >> 4)])
            text.append(digits[Int(byte & 15)])
        }
        return String(decoding: text, as: UTF8.self)
    }
}
